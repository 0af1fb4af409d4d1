// @ts-check
/**
 * Returns the node that gets the focus when the panel closes: the one that opens it.
 * @param {import("../loader/instance.js").Host} host
 * @returns {HTMLElement | null}
 */
export function focusReturn({ attr, nodes }) {
  if (!nodes.launcher?.hidden) {
    return nodes.launcher;
  }
  try {
    return document.querySelector(attr("launcher") || "none");
  } catch {
    return null; // not a selector: Go warns
  }
}
