// @ts-check
/**
 * The module of what the loader leaves out, because few visitors need it: the name of the launcher in languages other than English, the
 * teaser, what loads an inline chat that comes into view, and why the chat did not come.
 */
import { quiet } from "./scope.js";
import { languageOf } from "./translation.js";

/** @typedef {import("./life.js").Host} Host */
/** @typedef {typeof import("./element.js").page} Page */

const sheet = new CSSStyleSheet();
sheet.replaceSync(ASIDE_CSS);

/**
 * The owner's word, or the built-in one of the visitor's language.
 * @param {Host} host
 * @param {string} key
 * @returns {string}
 */
const word = (host, key) => {
  try {
    const given = JSON.parse(/** @type {any} */ (host.attr("strings")))[key];
    if (given && typeof given === "string") {
      return given;
    }
  } catch {} // Go warns
  return (WORDS[languageOf(host).slice(0, 2).toLowerCase()] ?? WORDS.en)[key];
};

/**
 * The attribute's time in milliseconds, as Go reads it: "500ms", "8s", "1m30s". NaN where it is none.
 * @param {string | null} value
 */
const timeOf = (value) => {
  const units = /** @type {Record<string, number>} */ ({ ms: 1, s: 1e3, m: 6e4, h: 36e5 });
  const parts = [...(value ?? "").trim().matchAll(/([\d.]+)(ms|s|m|h)/gy)];
  return parts.map(([text]) => text).join("") === value?.trim() ? parts.reduce((sum, [, count, unit]) => sum + +count * units[unit], 0) : NaN;
};

/**
 * What the page view of a widget takes beyond the loader.
 * @param {Host} host
 * @param {Page} page
 */
export function assist(host, { natives }) {
  const { dress, nodes } = host;
  /** Until Go does it, which then has its own words. */
  const name = () => nodes.launcher && host.trigger === nodes.launcher && !host.attr("launcher-label") && nodes.launcher.setAttribute("aria-label", word(host, "open"));
  host.dress = () => {
    dress();
    name();
  };
  name();
  if (host.attr("mode") === "inline" && host.attr("load") !== "eager") {
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && host.warm()).observe(host.element);
  }
  const delay = timeOf(host.attr("teaser"));
  if (delay > 0 && !host.life.signal.aborted && !host.store()) {
    tease(host, natives, delay);
  }
}

/**
 * Invites a visitor of whom nothing is known yet, and who has not reached for the launcher, in time.
 * @param {Host} host
 * @param {any} natives
 * @param {number} delay milliseconds
 */
function tease(host, natives, delay) {
  const { nodes, make, store, changed } = host;
  const { signal } = host.life;
  const hide = () => nodes.teaser?.remove();
  const dismiss = () => {
    if (nodes.teaser?.isConnected) {
      hide();
      store() || store('{"v":1,"teaser":true}'); // as Go reads it
    }
  };
  const show = () => {
    if (host.asked || signal.aborted || store()) {
      return;
    }
    host.wear(sheet);
    nodes.frame.append(make("aside", "teaser", make("button", "invite", word(host, "teaser")), make("button", "dismiss")));
    nodes.invite.onclick = () => host.call("open", []);
    nodes.dismiss.onclick = dismiss;
    nodes.dismiss.setAttribute("aria-label", word(host, "dismiss"));
    host.changed = (name) => {
      name === "open" && dismiss();
      changed(name);
    };
  };
  const { setTimeout } = natives;
  setTimeout(show, delay);
  // Dismissed in one tab is dismissed in all.
  addEventListener("storage", () => store() && hide(), { signal });
}

/** Lives whose chat has been tried for once more already. @type {WeakSet<Host>} */
const retried = new WeakSet();

/**
 * Says in the visitor's language that the chat did not come, and to the page and its owner why. It tries once more by itself.
 * @param {Host} host
 * @param {Page} page
 * @param {Error} failure
 */
export function sorry(host, page, { message }) {
  const { element, nodes, make, wear, attr } = host;
  wear(sheet);
  nodes.composer.before(make("p", "notice", word(host, "failed"), make("button", "retry", word(host, "retry"))));
  nodes.notice.setAttribute("role", "alert");
  for (const [part, key] of Object.entries({ close: "close", input: "message", send: "send", panel: "heading" })) {
    nodes[part].setAttribute("aria-label", word(host, key));
  }
  nodes.panel.setAttribute("role", attr("mode") === "inline" ? "region" : "dialog");
  nodes.heading?.isConnected || nodes.header.prepend(make("b", "heading", attr("heading") || word(host, "heading")));
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
