// @ts-check
/** Draws the launcher and the panel: the real ones, which Go adopts later. Elements and text nodes only, never HTML. */

/**
 * @typedef {object} Nodes
 * @property {HTMLElement} frame around the others: bears language and direction
 * @property {HTMLElement | null} launcher null inline
 * @property {HTMLElement | null} badge null inline
 * @property {HTMLElement} panel
 * @property {HTMLElement} header
 * @property {HTMLElement} avatar
 * @property {HTMLElement} heading
 * @property {HTMLElement} subheading
 * @property {HTMLElement} status
 * @property {HTMLElement} log
 * @property {HTMLElement} composer
 * @property {HTMLTextAreaElement} input
 * @property {HTMLElement} send
 * @property {HTMLElement} close
 */

/**
 * Makes an element.
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {any}
 */
export const make = (name, attributes, ...children) => {
  const node = document.createElementNS("http://www.w3.org/" + (/^(svg|path)$/.test(name) ? "2000/svg" : "1999/xhtml"), name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
};

/** An icon on a 24 px grid, stroked in the colour of the text around it. */
export const icon = (/** @type {string[]} */ ...paths) => make("svg", {}, ...paths.map((d) => make("path", { d })));

export const cross = "M6 6l12 12M18 6L6 18";
const bubble = "M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";

/** A button that shows what it is given. */
export const button = (/** @type {string} */ part, /** @type {(Node | string)[]} */ ...children) => make("button", { part, type: "button" }, ...children);

/** A part of the panel. */
const part = (/** @type {string} */ name, /** @type {string} */ part, attributes = {}, /** @type {(Node | string)[]} */ ...children) =>
  make(name, { part, ...attributes }, ...children);

/**
 * @param {boolean} inline without a launcher
 * @returns {Nodes}
 */
export const draw = (inline) => {
  const badge = inline ? null : part("span", "badge", { hidden: "" });
  const launcher = badge && button("launcher", icon(bubble, "M6 9l6 6 6-6"), badge);
  const avatar = part("div", "avatar", { "aria-hidden": "true" });
  const heading = part("h2", "heading", { id: "heading" });
  const subheading = part("p", "subheading");
  const close = button("close", icon(cross));
  const header = part("header", "header", {}, avatar, make("div", { class: "who" }, heading, subheading), close);
  const status = part("div", "status", { role: "status" });
  const log = part("div", "log", { role: "log", tabindex: "0" });
  const input = part("textarea", "input", { rows: "1" });
  const send = button("send", icon("M12 19V5M6 11l6-6 6 6"));
  const composer = part("div", "composer", {}, input, send);
  const panel = part("section", "panel", { role: "dialog", "aria-labelledby": "heading" }, header, status, log, composer);
  const frame = make("div", { class: "frame" }, ...(launcher ? [launcher] : []), panel);
  return { frame, launcher, badge, panel, header, avatar, heading, subheading, status, log, composer, input, send, close };
};

/** The picture in the header: the owner's, if its address is one that may be shown, else a bubble. */
export const picture = (/** @type {string | null} */ url) =>
  /^(https:\/\/|data:image\/(png|jpeg|gif|webp)[;,])/i.test(url || "") ? make("img", { src: /** @type {string} */ (url), alt: "" }) : icon(bubble);
