// @ts-check
/** Completes window.PluraChat and the elements, once the page has a widget. */
import { runLater } from "./go_globals.js";

/** @typedef {import("../loader/element.js").Page} Page */

/**
 * Reports whether a modal dialog of the page makes the element inert.
 * @param {HTMLElement} element
 */
export function isInert(element) {
  const modal = ":is(dialog:modal)"; // :is() keeps the selector valid in browsers without :modal
  return document.querySelector(modal) && document.contains(element) && !element.closest(modal);
}

let completed = false;

/**
 * Makes state and unread follow the widgets, and open and toggle wait while a modal dialog of the page would make the
 * open panel inert.
 * @param {Page} page
 */
export function completeApi(page) {
  if (completed) {
    return;
  }
  completed = true;
  const { prototype } = /** @type {any} */ (customElements.get("plura-chat"));
  const members = Object.getPrototypeOf(page.publicApi);
  for (const name of ["open", "toggle"]) {
    members[name] = waitWhileInert(page, members[name]);
  }
  prototype.toggle = members.toggle; // open is a getter of the element
  for (const target of [page.publicApi, prototype]) {
    for (const [name, initial] of Object.entries({ state: "idle", unread: 0 })) {
      Object.defineProperty(target, name, {
        // @ts-ignore: a page may have defined value on Object.prototype, which contradicts get
        __proto__: null,
        configurable: true,
        enumerable: true,
        get() {
          return /** @type {any} */ (page.findInstance(this))?.[name] ?? initial;
        },
      });
    }
  }
}

/**
 * Returns a method that waits until its widget is not inert.
 * @param {Page} page
 * @param {Function} method
 */
function waitWhileInert({ findInstance, nativeGlobals }, method) {
  /** @this {any} @param {unknown[]} args */
  return async function (...args) {
    let host;
    while ((host = findInstance(this)) && isInert(host.element)) {
      await new Promise((/** @type {(_: void) => void} */ resolve) => runLater(nativeGlobals, resolve, 200));
    }
    return method.apply(this, args);
  };
}
