// @ts-check
/** The module of the teaser: an invitation beside the launcher. */
import { word } from "./words.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(TEASER_CSS);

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
 * Invites a visitor of whom nothing is known yet, and who has not reached for the launcher, after the time that the attribute says.
 * @param {import("../loader/life.js").Host} host
 * @param {typeof import("../loader/element.js").page} page
 */
export function tease(host, { natives }) {
  const { nodes, make, store, changed } = host;
  const delay = timeOf(host.attr("teaser"));
  if (!(delay > 0) || host.life.signal.aborted || store()) {
    return;
  }
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
    nodes.frame.append(make("aside", "teaser", make("button", "invite", word(host, WORDS, "teaser")), make("button", "dismiss")));
    nodes.invite.onclick = () => host.call("open", []);
    nodes.dismiss.onclick = dismiss;
    nodes.dismiss.setAttribute("aria-label", word(host, WORDS, "dismiss"));
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
