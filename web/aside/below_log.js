// @ts-check
/** The place between the log and the composer. */

/**
 * Returns the last of the nodes below the log that match a selector, or the log. It moves the dock of Go's button that
 * jumps to the end of the log to the log: Go inserts it above the composer.
 * @param {import("../loader/facade.js").Nodes} nodes
 * @param {string} selector
 * @returns {Element}
 */
export function lastBelowLog({ panel, log }, selector) {
  const dock = panel.querySelector(".dock");
  if (dock && dock.previousElementSibling !== log) {
    log.after(dock);
  }
  return [...panel.querySelectorAll(selector)].pop() ?? log;
}
