// @ts-check
/** The module of the notice that start.js could not be loaded. */
import { word } from "./words.js";
import { runLater, safeConsole } from "../start/go_globals.js";
import { storeOpen } from "../start/open_state.js";
import { isReplaced } from "../start/replaced.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("../loader/element.js").Page} Page */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FAILURE_CSS);

/** Instances that have retried without an act of the visitor, which happens once. @type {WeakSet<Host>} */
const retried = new WeakSet();

/**
 * Tells the visitor that the chat could not load, and the page and the site owner why. It retries once. If the host has
 * another build, the visitor is asked to reload the page. The loader stores what the visitor has written.
 * @param {Host} host
 * @param {Page} page
 * @param {Error} failure
 * @param {() => void} load
 */
export function showFailure(host, page, { message }, load) {
  const { element, nodes, makePart, attr } = host;
  const { nativeGlobals } = page;
  const framed = attr("frame") !== null;
  host.adoptSheets(sheet);
  const button = showNotice(host, "failed", "retry", load);
  for (const [part, key] of Object.entries({ close: "close", input: "message", send: "send", panel: "heading" })) {
    nodes[part].setAttribute("aria-label", word(host, WORDS, key));
  }
  nodes.panel.setAttribute("role", attr("mode") === "inline" ? "region" : "dialog");
  nodes.heading?.isConnected ||
    nodes.header.prepend(makePart("b", "heading", attr("heading") || word(host, WORDS, "heading")));
  if (!retried.has(host)) {
    retried.add(host);
    // Not while the visitor is on the button: it would be replaced by another one.
    runLater(nativeGlobals, () => button.isConnected && !button.matches(":focus,:active") && load(), 2000);
  }
  // The policy of a page with an iframe may forbid fetch.
  if (!framed) {
    // The answer may never come. A retry removes the button.
    isReplaced(page, BUILD.start).then((replaced) => {
      if (replaced && button.isConnected) {
        nodes.notice.remove();
        showNotice(host, "updated", "reload", () => reloadPage(host));
      }
    });
    causeOf(page).then((cause) => safeConsole(nativeGlobals.console).error("plura-chat: " + message + ": " + cause));
  }
  element.dispatchEvent(
    new CustomEvent("plura-chat:error", { detail: { code: "download", message }, bubbles: true, composed: true }),
  );
}

/**
 * Shows a notice above the composer, and returns its button.
 * @param {Host} host
 * @param {"failed" | "updated"} what
 * @param {"retry" | "reload"} label
 * @param {() => void} act what the button does
 */
function showNotice(host, what, label, act) {
  const { element, nodes, makePart } = host;
  const button = makePart("button", "retry", word(host, WORDS, label));
  button.onclick = act;
  const notice = makePart("p", "notice", word(host, WORDS, what), button);
  nodes.composer.before(notice);
  notice.setAttribute("role", "alert");
  notice.remove = () => {
    element.shadowRoot?.activeElement === button && nodes.input.focus(); // the focused button goes
    notice.replaceWith();
  };
  return button;
}

/** Reloads the page, with the panel open. @param {Host} host */
function reloadPage(host) {
  host.attr("mode") === "inline" || storeOpen(/** @type {any} */ (host));
  location.reload();
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
