// @ts-check
/** Makes the page inert while the panel covers it, so that neither Tab nor a screen reader gets behind the panel. */

/**
 * Returns the function setModal of a host.
 * @param {import("../loader/instance.js").Host} host
 * @returns {(on: boolean) => void}
 */
export function modality({ nodes, controller }) {
  /** The elements that are inert because of this panel. @type {Set<HTMLElement>} */
  const inert = new Set();
  const end = () => {
    inert.forEach((element) => (element.inert = false));
    inert.clear();
  };
  controller.signal.addEventListener("abort", end);
  return (on) => {
    if (nodes.panel.localName !== "iframe") {
      on ? nodes.panel.setAttribute("aria-modal", "true") : nodes.panel.removeAttribute("aria-modal");
    }
    if (!on) {
      end();
    } else if (!inert.size) {
      // All elements beside the panel, and beside each element that contains it.
      for (let node = nodes.panel; node; node = node.parentElement || node.getRootNode().host) {
        for (const sibling of node.parentNode?.children ?? []) {
          if (sibling !== node && sibling.inert === false && !/^(head|script|style|link)$/i.test(sibling.localName)) {
            sibling.inert = true;
            inert.add(sibling);
          }
        }
      }
    }
  };
}
