// @ts-check

/**
 * Tells the page that the visitor has chosen a starter.
 * @param {HTMLElement} element the widget
 * @param {string} text
 */
export const tellStarter = (element, text) => {
  const detail = { text, kind: "starter" };
  element.dispatchEvent(new CustomEvent("plura-chat:suggestion", { detail, bubbles: true, composed: true }));
};
