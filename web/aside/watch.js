// @ts-check
/** What the modules of features watch. */

/** @typedef {import("../loader/instance.js").Host} Host */

/**
 * Calls a function now, and after each change of what it watches, until the instance ends.
 * @param {Host} host
 * @param {string[]} attributes of the element; those that change the words are always watched
 * @param {() => void} act
 * @param {...[Node, MutationObserverInit]} watched nodes inside the widget
 */
export function watch({ element, controller: { signal } }, attributes, act, ...watched) {
  const observer = new MutationObserver(act);
  observer.observe(element, { attributeFilter: [...attributes, "lang", "strings"] });
  watched.forEach(([node, changes]) => observer.observe(node, changes));
  signal.addEventListener("abort", () => observer.disconnect());
  act();
}
