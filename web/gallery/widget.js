// @ts-check
/** The widget of the page, and functions that find its nodes and wait for them. */
import { clock, start } from "./clock.js";

/** What the page says about its state. */
export const { state, attributes, key, seed, seedTime, later, ask } = /** @type {Record<string, string>} */ ({
  ...document.body.dataset,
});

/** The widget's element, not yet on the page. @type {any} */
export const element = document.createElement("plura-chat");
for (const [name, value] of Object.entries(JSON.parse(attributes))) {
  element.setAttribute(name, value);
}

/** Stores the records that the state begins with, with the times of the frame's clock. */
export const storeSeed = () => {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(key)) {
      sessionStorage.removeItem(name);
    }
  }
  const began = Number(seedTime);
  const shift = (/** @type {string} */ _, /** @type {unknown} */ value) =>
    typeof value === "number" && value > began / 2 ? value - began + start : value;
  for (const [name, record] of Object.entries(/** @type {Record<string, string>} */ (JSON.parse(seed)))) {
    sessionStorage.setItem(name, JSON.stringify(JSON.parse(record, shift)));
  }
};

/** Returns the first node that a selector matches. @returns {any} */
export const find = (/** @type {string} */ selector) => element.shadowRoot?.querySelector(selector);

/** Returns the first node with a part. */
export const part = (/** @type {string} */ name) => find(`[part~=${name}]`);

export const isVisible = (/** @type {Element | null | undefined} */ node) => (node?.getClientRects().length ?? 0) > 0;

/**
 * Resolves with what a function returns, once that is true.
 * @template T
 * @param {string} what for the error
 * @param {() => T} check
 * @param {number} [timeout] milliseconds
 * @returns {Promise<T>}
 */
export const until = (what, check, timeout = 20000) =>
  new Promise((resolve, reject) => {
    const end = clock() + timeout;
    const look = () => {
      const it = check();
      if (it) {
        resolve(it);
      } else if (clock() > end) {
        reject(new Error("timed out waiting for " + what));
      } else {
        setTimeout(look, 20);
      }
    };
    look();
  });

/** Resolves when a function returns something true, or after five seconds: the module that draws it may be missing. */
export const untilOrLater = (/** @type {() => unknown} */ check) => until("", check, 5000).catch(() => {});

/** Resolves with a part when it is visible. */
export const partShown = (/** @type {string} */ name) => until(name, () => isVisible(part(name)) && part(name));

/** Resolves when there is a message that a selector matches. */
export const messageShown = (/** @type {string} */ selector) =>
  until(selector, () => find(`[part~=message]${selector}`));

/** Resolves when the widget is in a state. */
export const stateIs = (/** @type {string} */ name) => until("the state " + name, () => element.state === name);
