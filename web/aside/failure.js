// @ts-check
/** The module of the notice that start.js could not be loaded. */
import { word } from "./words.js";
import { safeConsole } from "../start/go_globals.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("../loader/element.js").Page} Page */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FAILURE_CSS);

/** Instances that have retried without an act of the visitor, which happens once. @type {WeakSet<Host>} */
const retried = new WeakSet();

/**
 * Tells the visitor that the chat could not load, and the page and the site owner why. It retries once.
 * @param {Host} host
 * @param {Page} page
 * @param {Error} failure
 */
export function showFailure(host, page, { message }) {
  const { element, nodes, makePart, attr } = host;
  const { nativeGlobals } = page;
  host.adoptSheets(sheet);
  const retry = makePart("button", "retry", word(host, WORDS, "retry"));
  nodes.composer.before(makePart("p", "notice", word(host, WORDS, "failed"), retry));
  nodes.notice.setAttribute("role", "alert");
  for (const [part, key] of Object.entries({ close: "close", input: "message", send: "send", panel: "heading" })) {
    nodes[part].setAttribute("aria-label", word(host, WORDS, key));
  }
  nodes.panel.setAttribute("role", attr("mode") === "inline" ? "region" : "dialog");
  nodes.heading?.isConnected ||
    nodes.header.prepend(makePart("b", "heading", attr("heading") || word(host, WORDS, "heading")));
  const { setTimeout } = nativeGlobals;
  if (!retried.has(host)) {
    retried.add(host);
    // Not while the visitor is on the button: it would be replaced by another one.
    setTimeout(() => retry.isConnected && !retry.matches(":focus,:active") && retry.onclick(), 2000);
  }
  if (attr("frame") === null) {
    causeOf(page).then((cause) => safeConsole(nativeGlobals.console).error("plura-chat: " + message + ": " + cause));
  }
  element.dispatchEvent(
    new CustomEvent("plura-chat:error", { detail: { code: "download", message }, bubbles: true, composed: true }),
  );
}

/**
 * Finds out, for the site owner, why start.js could not be loaded.
 * @param {Page} page
 * @returns {Promise<string>}
 */
async function causeOf({ nativeGlobals: { fetch }, loaderScript }) {
  const url = new URL(BUILD.start, loaderScript.src);
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
    return type === "opaque"
      ? "the server does not send Access-Control-Allow-Origin"
      : "its bytes are not those of this build";
  } catch {
    return "the server does not answer, or the page's Content-Security-Policy forbids it";
  }
}
