// @ts-check
/** Shows who the visitor talks to, and the first thing that they say, while Go is on its way, which then draws it anew, and all the rest. */
import { wordsFor } from "./skeleton.js";
import { translate } from "./translation.js";
import { insert } from "../widget/draw.js";

/** @typedef {import("./skeleton.js").Full} Full */
/** @typedef {import("./skeleton.js").Page} Page */

/** Texts of which Go's Markdown makes one paragraph that reads as they do. @param {unknown} text */
const plain = (text) =>
  typeof text === "string" &&
  /^[\p{L}\p{So}¡¿"'“‘(]/u.test(text) &&
  !/[*_`~#<>[\]\\|&@\p{C}]|\s$| {2}|:\/\/|www\.|[^\P{Z} ]|^.{600}|^Flow has ended$/iu.test(text);

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
  const show = (/** @type {string} */ id, /** @type {string} */ name, /** @type {string} */ content) => {
    if (signal.aborted) {
      return;
    }
    const { log } = host.nodes;
    const row = [
      ["div", { class: "name" }, ["span", { dir: "auto" }, name]],
      ["div", { class: "face", "aria-hidden": "true" }],
      ["div", { part: "bubble" }, ["p", {}, content]],
      ["div", { class: "meta" }, ["span", {}, "\xa0"]],
    ];
    const message = ["div", { class: "row first last new", part: "message", "data-from": "agent", "data-id": id }, ...row];
    const block = ["div", { class: "block" }, ["div", { class: "day", part: "divider" }, wordsFor(host).today], message];
    log.setAttribute("aria-live", "off"); // as Go has it, which reads out what is said
    insert(log, log.firstChild, JSON.stringify([block]));
    host.nodes.ahead = log.firstChild;
    scope.requestAnimationFrame(() => scope.setTimeout(end));
  };
  const take = (/** @type {any} */ frame) => {
    const { type, id, name, content } = frame ?? {};
    begun ||= type === "session";
    if (type === "chatowner" && plain(name)) {
      host.nodes.heading.textContent = host.owner = name;
    }
    if (begun && !greeted && type === "message") {
      greeted = true;
      if (typeof id === "string" && plain(name) && plain(content)) {
        translate(host, page)
          .then(() => show(id, name, content))
          .catch(end);
      } else {
        end();
      }
    }
  };
  const hear = (/** @type {unknown} */ data) => {
    try {
      take(JSON.parse(String(data)));
    } catch {} // Go counts it
  };
  return { hear, over };
}
