// @ts-check
import { setAttributes } from "./elements.js";
import { wordsFor } from "./words.js";

/**
 * Shows a notice above the composer.
 * @param {import("./host.js").StartedHost} host
 * @param {"failed" | "stopped" | "unavailable" | "updated"} what
 * @param {() => void} [retry] what its button does
 */
export function showNotice(host, what, retry) {
  const { nodes, makePart } = host;
  const words = wordsFor(host);
  nodes.notice?.remove();
  const text = document.createElement("p");
  text.textContent = words[what];
  const notice = makePart("div", "notice", text);
  setAttributes(notice, { role: "alert" });
  if (retry) {
    const labels = { stopped: words.restart, updated: words.reload };
    const button = makePart("button", "retry", labels[/** @type {"stopped"} */ (what)] ?? words.retry);
    button.onclick = () => {
      if (what !== "updated") {
        nodes.input.focus({ preventScroll: true }); // the focused button goes
        notice.remove();
      }
      retry();
    };
    notice.append(button);
  }
  nodes.composer.before(notice);
  // The composer is of no use then. The focus moves before its node is hidden.
  if (what === "unavailable") {
    host.root.activeElement === nodes.input && nodes.close.focus();
    nodes.composer.hidden = true;
  }
}
