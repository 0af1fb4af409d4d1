// @ts-check
/** Keeps from the page what is meant for the chat alone. */

/** Whether an element can be scrolled. @param {Element} node */
const scrolls = (node) => {
  const { overflowX, overflowY } = getComputedStyle(node);
  return (/auto|scroll/.test(overflowY) && node.scrollHeight > node.clientHeight) || (/auto|scroll/.test(overflowX) && node.scrollWidth > node.clientWidth);
};

/** @param {import("./life.js").Host} host */
export function shield({ element, nodes, life: { signal } }) {
  const { frame, panel } = nodes;
  // A page's hotkeys are not meant by somebody who types; from out there, the text field looks like any element. Escape and Tab go on to
  // the page, unless the chat has stopped them: a dialog of the page may hold the chat.
  for (const type of ["keydown", "keypress", "keyup"]) {
    frame.addEventListener(
      type,
      (/** @type {KeyboardEvent} */ event) => {
        if (/** @type {Element} */ (event.target).matches("textarea,input,select") && !/^(Escape|Tab)$/.test(event.key)) {
          event.stopPropagation();
        }
      },
      { signal },
    );
  }
  // Behind a panel that is the screen the page stands still. What scrolls in the panel ends there by overscroll-behavior.
  for (const type of ["touchmove", "wheel"]) {
    panel.addEventListener(
      type,
      (/** @type {any} */ event) => {
        const zooms = event.ctrlKey || event.touches?.length > 1;
        if (zooms || !event.cancelable || element.getAttribute("mode") === "inline" || !matchMedia("(max-width:479px),(max-height:479px)").matches) {
          return;
        }
        for (let node = event.target; node !== panel; node = node.parentElement) {
          if (!node || scrolls(node)) {
            return;
          }
        }
        event.preventDefault();
      },
      { signal, passive: false },
    );
  }
}
