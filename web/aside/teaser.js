// @ts-check
/** The module of the teaser: an invitation beside the launcher. */
import { webStorage } from "../loader/storage.js";
import { newBubble } from "./teaser_bubble.js";
import { atMoment, onNavigation } from "./teaser_moments.js";
import { rulesOf } from "./teaser_rules.js";
import { setShown, visitNumber, wasShown } from "./teaser_visits.js";
import { watch } from "./watch.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("../loader/element.js").Page} Page */
/** @typedef {import("./teaser_rules.js").Rule} Rule */

/**
 * Calls a function with each rule whose moment comes while the page's path is one that the rule is for. Where the page
 * goes to another path of the same rule, the rule goes on.
 * @param {Rule[]} rules
 * @param {(rule: Rule) => void} act
 * @param {any} natives the page's native globals
 * @param {AbortSignal} signal ends it
 */
function waitForRules(rules, act, natives, signal) {
  /** @type {Map<Rule, AbortController>} */
  const waiting = new Map();
  const check = () => {
    for (const rule of rules) {
      const matches = rule.matches(location.pathname);
      const old = waiting.get(rule);
      if (old && !matches) {
        old.abort();
        waiting.delete(rule);
      } else if (matches && !old) {
        const controller = new AbortController();
        waiting.set(rule, controller);
        const fire = () => {
          check(); // the path may have changed
          controller.signal.aborted || act(rule);
        };
        atMoment(rule.after, fire, natives, controller.signal);
      }
    }
  };
  signal.addEventListener("abort", () => waiting.forEach((controller) => controller.abort()));
  if (!rules.every(({ everywhere }) => everywhere)) {
    onNavigation(check, natives, signal);
  }
  check();
}

/**
 * Shows the teaser once a visit, at the moments of the attribute's rules, unless something of the visitor is stored or
 * the visitor has opened the chat by then.
 * @param {Host} host
 * @param {Page} page
 */
export function extend(host, page) {
  const { attr, snapshot, snapshotKey } = host;
  /** Reports whether anything of the visitor is stored. */
  const isKnown = () =>
    snapshot() || FACTS.choiceSuffixes.some((suffix) => webStorage(attr("storage"), snapshotKey + suffix));
  const { signal } = host.controller;
  if (attr("mode") === "inline") {
    return; // there is no launcher
  }
  const bubble = newBubble(host);
  let value = "";
  let opened = false;
  /** Ends what waits. */
  let controller = new AbortController();
  const stop = () => {
    controller.abort();
    controller = new AbortController();
  };
  const show = (/** @type {Rule} */ rule) => {
    if (innerWidth <= FACTS.narrowWidth) {
      return;
    }
    stop();
    if (!opened && !isKnown() && !wasShown(host)) {
      setShown(host);
      bubble.show(rule);
      if (!rule.everywhere) {
        const check = () => rule.matches(location.pathname) || bubble.hide();
        onNavigation(check, page.nativeGlobals, controller.signal);
      }
    }
  };
  const update = () => {
    const now = (attr("teaser") ?? "").trim();
    if (attr("open") !== null) {
      opened = true;
      bubble.dismiss();
    }
    if (now !== value) {
      value = now;
      stop();
      const all = rulesOf(now, page);
      if (!all.length) {
        bubble.hide();
      }
      const visit = all.some(({ visits }) => visits > 1) ? visitNumber(host) : 1;
      const rules = all.filter(({ visits }) => visits <= visit);
      waitForRules(rules, show, page.nativeGlobals, controller.signal);
    }
  };
  signal.addEventListener("abort", () => controller.abort());
  // A teaser that is dismissed in one tab is dismissed in all.
  addEventListener("storage", () => isKnown() && bubble.hide(), { signal });
  watch(host, ["teaser", "open"], update);
}
