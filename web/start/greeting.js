// @ts-check
/** Shows who the visitor talks to, and the first thing that they say, while Go is on its way, which then draws it anew, and all the rest. */
import { wordsFor } from "./skeleton.js";
import { translate } from "./translation.js";

/** @typedef {import("./skeleton.js").Full} Full */
/** @typedef {import("./skeleton.js").Page} Page */

/** What Go's Markdown may make something of, or its reading of texts: marks, links, what is not seen. */
const marks = /[*_`~#<>[\]\\|&@\p{C}]| {2}| $|:\/\/|www\.|[^\P{Z} ]/iu;

/** How lines begin that are no items of lists. */
const begins = /^[\p{L}\p{So}¡¿"'“‘(]/u;

/** Whether a text reads the same in Go. @param {unknown} text */
const plain = (text) => typeof text === "string" && text.length < 600 && begins.test(text) && !marks.test(text);

/** What may stand between two asterisks and two more. */
const strong = /^[\p{L}\p{N}](.*[\p{L}\p{N}])?$/u;

/**
 * Makes an element.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} inside
 */
const make = (tag, attributes, ...inside) => {
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes)) {
    element.setAttribute(name, attributes[name]);
  }
  element.append(...inside);
  return element;
};

/**
 * What Go makes of a message, if that is paragraphs of plain and strong text; of others only Go can tell.
 * @param {unknown} content
 */
function paragraphs(content) {
  if (typeof content !== "string" || content === "Flow has ended") {
    return;
  }
  const all = [];
  for (const paragraph of content.split(/\n\n+/)) {
    const p = make("p", {});
    for (const line of paragraph.split("\n")) {
      const parts = line.split("**");
      if (!plain(parts.join("")) || parts.length % 2 === 0 || parts.some((part, i) => i % 2 && !strong.test(part))) {
        return;
      }
      p.append(...(p.firstChild ? [make("br", {})] : []), ...parts.map((part, i) => (i % 2 ? make("strong", {}, part) : part)).filter(String));
    }
    all.push(p);
  }
  return all;
}

/**
 * @param {Full} host
 * @param {Page} page
 * @param {any} scope
 * @param {AbortSignal} signal when Go draws, or nobody is to be greeted
 * @returns {{hear: (data: unknown) => void, over: Promise<void>}} hear takes what comes; over resolves when the greeting has been painted,
 *   or there is none
 */
export function greeter(host, page, scope, signal) {
  let begun = false;
  let greeted = false;
  /** @type {() => void} */
  let end;
  const over = new Promise((/** @type {(_: void) => void} */ resolve) => (end = resolve));
  signal.addEventListener("abort", () => end());
  const show = (/** @type {string} */ id, /** @type {string} */ name, /** @type {Node[]} */ content) => {
    if (signal.aborted) {
      return;
    }
    const { log } = host.nodes;
    const row = make(
      "div",
      { class: "row first last new", part: "message", "data-from": "agent", "data-id": id },
      make("div", { class: "name" }, make("span", { dir: "auto" }, name)),
      make("div", { class: "face", "aria-hidden": "true" }),
      make("div", { part: "bubble" }, ...content),
      make("div", { class: "meta" }, make("span", {}, "\xa0")),
    );
    const block = make("div", { class: "block" }, make("div", { class: "day", part: "divider" }, wordsFor(host).today), row);
    log.setAttribute("aria-live", "off"); // as Go has it, which reads out what is said
    log.prepend(block);
    host.nodes.ahead = block;
    scope.requestAnimationFrame(() => scope.setTimeout(end));
  };
  const take = (/** @type {any} */ frame) => {
    const { type, id, name, content } = frame ?? {};
    begun ||= type === "session" && /^webchat-session\.[\da-f-]{36}$/i.test(frame.session_id);
    if (type === "chatowner" && plain(name)) {
      host.nodes.heading.textContent = host.owner = name.replace(/\p{Bidi_C}/gu, "");
    }
    if (begun && !greeted && type === "message") {
      greeted = true;
      const text = paragraphs(content);
      if (typeof id === "string" && plain(name) && text) {
        translate(host, page)
          .then(() => show(id, name, text))
          .catch(end);
      } else {
        end();
      }
    }
  };
  const hear = (/** @type {unknown} */ data) => {
    try {
      signal.aborted || take(JSON.parse(String(data).replace(/^\ufeff/, "")));
    } catch {} // Go counts it
  };
  return { hear, over };
}
