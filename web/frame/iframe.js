// @ts-check
/** The iframe as an element of the page: how it is made, shown and sized. */
import { focusReturn } from "../start/focus_return.js";

/** @typedef {import("./page_side.js").PageSide} PageSide */

/**
 * Makes the iframe.
 * @param {import("../start/host.js").StartedHost} host
 * @param {URL} url
 */
export function makeIframe({ nodes }, url) {
  const iframe = Object.assign(document.createElement("iframe"), {
    className: "waiting",
    hidden: nodes.panel.hidden,
    allow: "autoplay; clipboard-write",
    // This forbids top navigation, form submission and the browser's dialogs. An iframe of the page's own origin could
    // undo it.
    sandbox: "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads",
    referrerPolicy: "no-referrer",
    title: nodes.heading.textContent,
  });
  iframe.src = url.href;
  return iframe;
}

/** Reports whether an open panel fills the screen. @param {PageSide} side */
export const isWhole = ({ inline, screen }) => !inline && screen.matches;

/** Shows or hides the iframe. @param {PageSide} side @param {boolean} open */
export function showIframe(side, open) {
  const { host, iframe, inline } = side;
  const hadFocus = host.root.activeElement === iframe;
  iframe.hidden = !open && !inline;
  if (!inline) {
    host.element.toggleAttribute("open", open);
  }
  fitIframe(side);
  if (!open && hadFocus) {
    focusReturn(host)?.focus({ preventScroll: true });
  }
}

/**
 * Makes the page inert behind an iframe that fills the screen, and sizes the iframe to what a phone's keyboard leaves
 * of the screen, which the iframe itself cannot measure.
 * @param {PageSide} side
 */
export function fitIframe(side) {
  const { visualViewport } = window;
  side.waiting || side.host.setModal(isWhole(side) && !side.iframe.hidden);
  const sizes = { top: visualViewport?.offsetTop, height: visualViewport?.height };
  for (const [name, value] of Object.entries(sizes)) {
    const text = isWhole(side) && value !== undefined ? Math.floor(value) + "px" : "";
    side.iframe.style.setProperty("--visual-" + name, text);
  }
}
