// @ts-check
/**
 * Draws the launcher and the panel, whose nodes Go adopts later. It draws only what is visible at once; start.js adds
 * roles, names and the parts that are empty at first. It makes elements and text nodes, and never parses HTML. The
 * icons are shapes in loader.css.
 */

/** The nodes by the names of their parts. @typedef {Record<string, any>} Nodes */

/**
 * Returns a function that makes an element for a part and adds it to the nodes.
 * @param {Nodes} nodes
 */
export const maker =
  (nodes) =>
  /** @returns {any} */
  (/** @type {string} */ name, /** @type {string} */ part, /** @type {(Node | string)[]} */ ...children) => {
    const node = (nodes[part] = document.createElement(name));
    node.setAttribute("part", part);
    node.append(...children);
    return node;
  };

/** Draws the facade and returns its outermost element. */
export const draw = (/** @type {ReturnType<typeof maker>} */ makePart) =>
  makePart(
    "div",
    "frame",
    makePart("button", "launcher"),
    makePart(
      "section",
      "panel",
      makePart("header", "header", makePart("button", "close")),
      makePart("div", "log"),
      makePart("footer", "composer", makePart("textarea", "input"), makePart("button", "send")),
    ),
  );
