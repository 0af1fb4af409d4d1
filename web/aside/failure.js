// @ts-check
/** The module of the notice that the start module could not be had: a page needs it where its host fails. */
import { word } from "./words.js";
import { quiet } from "../start/scope.js";

/** @typedef {import("../loader/life.js").Host} Host */
/** @typedef {typeof import("../loader/element.js").page} Page */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FAILURE_CSS);

/** Lives whose chat has been tried for once more already. @type {WeakSet<Host>} */
const retried = new WeakSet();

/**
 * Says in the visitor's language that the chat could not load, and to the page and its owner why. It tries once more by itself.
 * @param {Host} host
 * @param {Page} page
 * @param {Error} failure
 */
export function notify(host, page, { message }) {
  const { element, nodes, make, wear, attr } = host;
  wear(sheet);
  nodes.composer.before(make("p", "notice", word(host, WORDS, "failed"), make("button", "retry", word(host, WORDS, "retry"))));
  nodes.notice.setAttribute("role", "alert");
  for (const [part, key] of Object.entries({ close: "close", input: "message", send: "send", panel: "heading" })) {
    nodes[part].setAttribute("aria-label", word(host, WORDS, key));
  }
  nodes.panel.setAttribute("role", attr("mode") === "inline" ? "region" : "dialog");
  nodes.heading?.isConnected || nodes.header.prepend(make("b", "heading", attr("heading") || word(host, WORDS, "heading")));
  const { retry } = nodes;
  const { setTimeout } = page.natives;
  if (!retried.has(host)) {
    retried.add(host);
    setTimeout(() => retry.isConnected && retry.onclick(), 2000);
  }
  if (attr("frame") === null) {
    why(page).then((reason) => quiet(page.natives.console).error("plura-chat: " + message + ": " + reason));
  }
  element.dispatchEvent(new CustomEvent("plura-chat:error", { detail: { code: "download", message }, bubbles: true, composed: true }));
}

/**
 * Why a script could not be had, for the site's owner.
 * @param {Page} page
 * @returns {Promise<string>}
 */
async function why({ natives: { fetch }, script }) {
  const url = new URL(BUILD.start, script.src);
  try {
    const { ok, status } = await fetch(url, { cache: "reload" });
    if (!ok) {
      return "the server answers with status " + status;
    }
    await fetch(url, { integrity: BUILD.startHash });
    return "the page's Content-Security-Policy may forbid it, or it was not there before";
  } catch {}
  try {
    const { type } = await fetch(url, { mode: "no-cors" });
    return type === "opaque" ? "the server does not send Access-Control-Allow-Origin" : "its bytes are not those of this build";
  } catch {
    return "the server does not answer, or the page's Content-Security-Policy forbids it";
  }
}
