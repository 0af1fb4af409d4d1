// @ts-check
/** Where the focus goes when the panel closes. */

/** What opened the panel, or may have. @param {import("../loader/life.js").Host} host @returns {HTMLElement | null} */
export function opener({ attr, nodes }) {
  if (!nodes.launcher?.hidden) {
    return nodes.launcher;
  }
  try {
    return document.querySelector(attr("launcher") || "none");
  } catch {
    return null; // not a selector: Go warns
  }
}
