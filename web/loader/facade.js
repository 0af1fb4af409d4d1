// @ts-check
/**
 * Draws the launcher and the panel: the real ones, which Go adopts later. Only what is seen at once; start.js adds roles, names and the
 * parts that begin empty. Elements and text nodes, never HTML; the icons are shapes in loader.css.
 */

/** The nodes by their part. @typedef {Record<string, any>} Nodes */

/** @param {Nodes} nodes is filled */
export const maker =
  (nodes) =>
  /** @returns {any} */
  (/** @type {string} */ name, /** @type {string} */ part, /** @type {(Node | string)[]} */ ...children) => {
    const node = (nodes[part] = document.createElement(name));
    node.setAttribute("part", part);
    node.append(...children);
    return node;
  };

export const draw = (/** @type {ReturnType<typeof maker>} */ make) =>
  make(
    "div",
    "frame",
    make("button", "launcher"),
    make("section", "panel", make("header", "header", make("button", "close")), make("div", "log"), make("footer", "composer", make("textarea", "input"), make("button", "send"))),
  );
