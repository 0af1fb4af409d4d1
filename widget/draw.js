// @ts-check
/**
 * Makes the nodes that Go describes. Many rows come in one call and as one text: each crossing from Go costs more than the node that it
 * is for.
 */

/** A text; or a tag, its attributes, and what is in it. @typedef {string | [string, Record<string, string>, ...any[]]} Spec */

/** @param {Spec} spec */
const build = (spec) => {
  if (typeof spec == "string") {
    return document.createTextNode(spec);
  }
  const [tag, attributes] = spec;
  const node = tag == "svg" || tag == "path" ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  // Not "in": pages add to Object.prototype, and then that would become attributes.
  for (const name of Object.keys(attributes)) {
    node.setAttribute(name, attributes[name]);
  }
  for (let i = 2; i < spec.length; i++) {
    node.appendChild(build(spec[i]));
  }
  return node;
};

/**
 * @param {Element} parent
 * @param {Node | null} before the child that follows; null: none
 * @param {string} specs as JSON
 */
export const insert = (parent, before, specs) => {
  const nodes = document.createDocumentFragment();
  for (const spec of JSON.parse(specs)) {
    nodes.appendChild(build(spec));
  }
  parent.insertBefore(nodes, before);
};

/**
 * Makes a row what the spec says, but for its bubble: somebody may be selecting in it.
 * @param {Element} row
 * @param {string} spec as JSON
 */
export const amend = (row, spec) => {
  const fresh = /** @type {Element} */ (build(JSON.parse(spec)));
  for (const { name, value } of fresh.attributes) {
    row.setAttribute(name, value);
  }
  const parts = [...fresh.children];
  const bubble = [...row.children].find((part) => part.matches("[part=bubble]"));
  const at = parts.findIndex((part) => part.matches("[part=bubble]"));
  [...row.children].forEach((part) => part == bubble || part.remove());
  if (bubble) {
    bubble.before(...parts.slice(0, at));
    bubble.after(...parts.slice(at + 1));
  } else {
    row.append(...parts);
  }
};

/**
 * Puts a text into the clipboard, which the browser or the page's policy may refuse.
 * @param {string} text
 * @param {Element} button is passed on
 * @param {(button: Element, ok: boolean) => void} done
 */
export const copy = async (text, button, done) => {
  let ok = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    ok = false;
  }
  button.isConnected && done(button, ok); // else the chat is gone, and who would hear of it
};
