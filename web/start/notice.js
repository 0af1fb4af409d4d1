// @ts-check
import { setAttributes } from "./elements.js";
import { wordsFor } from "./words.js";

/**
 * Shows a notice above the composer.
 * @param {import("./host.js").StartedHost} host
 * @param {"failed" | "stopped" | "unavailable"} what
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
    const button = makePart("button", "retry", what === "stopped" ? words.restart : words.retry);
    button.onclick = () => {
      nodes.input.focus({ preventScroll: true }); // the focused button goes
      notice.remove();
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
