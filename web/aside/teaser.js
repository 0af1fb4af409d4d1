// @ts-check
/** The module of the teaser: an invitation beside the launcher. */
import { word } from "./words.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(FEATURE_CSS);

/**
 * Returns the attribute's time in milliseconds, as Go reads it: "500ms", "8s", "1m30s". NaN if it is not a time.
 * @param {string | null} value
 */
const timeOf = (value) => {
  const units = /** @type {Record<string, number>} */ ({ ms: 1, s: 1e3, m: 6e4, h: 36e5 });
  const parts = [...(value ?? "").trim().matchAll(/([\d.]+)(ms|s|m|h)/gy)];
  return parts.map(([text]) => text).join("") === value?.trim()
    ? parts.reduce((sum, [, count, unit]) => sum + +count * units[unit], 0)
    : NaN;
};

/**
 * Shows the teaser after the attribute's time, unless a snapshot is stored or the visitor has loaded the chat by then.
 * @param {import("../loader/instance.js").Host} host
 * @param {import("../loader/element.js").Page} page
 */
export function extend(host, page) {
  const { setTimeout } = page.nativeGlobals;
  const { nodes, makePart, snapshot, attributeChanged } = host;
  const { signal } = host.controller;
  const delay = timeOf(host.attr("teaser"));
  if (!(delay > 0) || signal.aborted || snapshot()) {
    return;
  }
  const hide = () => nodes.teaser?.remove();
  const dismiss = () => {
    if (nodes.teaser?.isConnected) {
      // The focused button goes. After the invitation was accepted, the focus is in the composer, and stays there.
      nodes.teaser.matches(":focus-within") && nodes.launcher.focus({ preventScroll: true });
      hide();
      snapshot() || snapshot('{"v":1,"teaser":true}'); // as Go reads it
    }
  };
  const show = () => {
    if (host.requested || signal.aborted || snapshot()) {
      return;
    }
    host.adoptSheets(sheet);
    const invite = makePart("button", "invite", word(host, WORDS, "teaser"));
    const teaser = makePart("div", "teaser", invite, makePart("button", "dismiss"));
    teaser.setAttribute("role", "status");
    nodes.frame.append(teaser);
    teaser.onkeydown = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && dismiss();
    invite.onclick = () => host.call("open", []);
    nodes.dismiss.onclick = dismiss;
    nodes.dismiss.setAttribute("aria-label", word(host, WORDS, "dismiss"));
    host.attributeChanged = (name) => {
      name === "open" && dismiss();
      attributeChanged(name);
    };
  };
  setTimeout(show, delay);
  // A teaser that is dismissed in one tab is dismissed in all.
  addEventListener("storage", () => snapshot() && hide(), { signal });
}
