// @ts-check
/** Shows the chat owner and the first message of the early socket, until Go draws them. */
import { readFrame } from "./early_protocol.js";
import { setAttributes } from "./elements.js";
import { applyWords } from "./panel.js";
import { translate } from "./translation.js";
import { wordsFor } from "./words.js";

/** @typedef {import("./host.js").StartedHost} StartedHost */
/** @typedef {import("../loader/element.js").Page} Page */

/** What Go's Markdown or its handling of texts may change: marks, links, invisible characters. */
const marks = /[*_`~#<>[\]\\|&@\p{C}]| {2}| $|:\/\/|www\.|[^\P{Z} ]/iu;

/** The first character of a line that is not an item of a list. */
const lineStart = /^[\p{L}\p{So}¡¿"'“‘(]/u;

/** Reports whether Go shows a text unchanged. @param {unknown} text */
const isPlain = (text) => typeof text === "string" && text.length < 600 && lineStart.test(text) && !marks.test(text);

/** What may be between two asterisks and two more. */
const strong = /^[\p{L}\p{N}](.*[\p{L}\p{N}])?$/u;

/**
 * Makes an element.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} inside
 */
const make = (tag, attributes, ...inside) => {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...inside);
  return element;
};

/**
 * Returns the elements that Go makes of a message, if it consists of paragraphs of plain and strong text; otherwise
 * nothing.
 * @param {unknown} content
 */
function paragraphs(content) {
  if (typeof content !== "string") {
    return;
  }
  const all = [];
  for (const paragraph of content.split(/\n\n+/)) {
    const p = make("p", {});
    for (const line of paragraph.split("\n")) {
      const parts = line.split("**");
      if (!isPlain(parts.join("")) || parts.length % 2 === 0 || parts.some((part, i) => i % 2 && !strong.test(part))) {
        return;
      }
      const nodes = parts.map((part, i) => (i % 2 ? make("strong", {}, part) : part));
      p.append(...(p.firstChild ? [make("br", {})] : []), ...nodes.filter(String));
    }
    all.push(p);
  }
  return all;
}

/**
 * Makes the row of a message, as Go draws it.
 * @param {StartedHost} host
 * @param {string} id
 * @param {string} name of the chat owner
 * @param {Node[]} content
 */
function makeBlock(host, id, name, content) {
  const row = make(
    "div",
    { class: "row first last new", part: "message", role: "article", "data-from": "agent", "data-id": id },
    make("div", { class: "name" }, make("span", { dir: "auto" }, name)),
    make("div", { class: "face", "aria-hidden": "true" }),
    make("div", { part: "bubble" }, ...content),
    make("div", { class: "meta" }, make("span", {}, "\xa0")),
  );
  return make("div", { class: "block" }, make("div", { class: "day", part: "divider" }, wordsFor(host).today), row);
}

/**
 * Returns what shows the greeting.
 * @param {StartedHost} host
 * @param {Page} page
 * @param {any} goGlobals
 * @param {AbortSignal} signal aborted when Go draws, or the early socket ends
 * @returns {{receive: (data: unknown) => void, done: Promise<void>}} receive gets the data of each frame; done resolves
 *   when the greeting has been painted, or there is none
 */
export function receiveGreeting(host, page, goGlobals, signal) {
  let hasSession = false;
  let hasMessage = false;
  /** @type {() => void} */
  let end;
  const done = new Promise((/** @type {(_: void) => void} */ resolve) => (end = resolve));
  signal.addEventListener("abort", () => end());
  const show = (/** @type {string} */ id, /** @type {string} */ name, /** @type {Node[]} */ content) => {
    if (signal.aborted) {
      return;
    }
    const { nodes } = host;
    nodes.greeting = makeBlock(host, id, name, content);
    nodes.log.setAttribute("aria-live", "off"); // as Go sets it, which announces messages elsewhere
    nodes.log.prepend(nodes.greeting);
    goGlobals.requestAnimationFrame(() => goGlobals.setTimeout(end));
  };
  const onFrame = (
    /** @type {ReturnType<typeof readFrame>} */ { session, owner, message, ends, id, name, content },
  ) => {
    hasSession ||= session;
    if (owner && isPlain(name)) {
      host.chatOwner = name.replace(/\p{Bidi_C}/gu, "");
      applyWords(host);
    }
    if (hasSession && !hasMessage && message) {
      hasMessage = true;
      const text = ends ? undefined : paragraphs(content);
      if (typeof id === "string" && isPlain(name) && text) {
        translate(host, page)
          .then(() => show(id, name, text))
          .catch(end);
      } else {
        end();
      }
    }
  };
  const receive = (/** @type {unknown} */ data) => {
    try {
      signal.aborted || onFrame(readFrame(data));
    } catch {} // Go counts it
  };
  return { receive, done };
}
