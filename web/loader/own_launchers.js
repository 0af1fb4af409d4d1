// @ts-check
/**
 * Returns the page's own buttons that open the chat.
 * @param {(name: string) => string | null} attr
 * @returns {HTMLElement[]}
 */
export const ownLaunchers = (attr) => {
  try {
    return [...document.querySelectorAll(/** @type {any} */ (attr("launcher")))];
  } catch {
    return []; // not a selector: Go warns
  }
};
