// @ts-check
/** The bubble of the teaser. */
import { tellStarter } from "./suggestion.js";
import { word } from "./words.js";

/** @typedef {import("../loader/instance.js").Host} Host */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FEATURE_CSS);

/**
 * Returns what shows the bubble and removes it.
 * @param {Host} host
 */
export function newBubble(host) {
  const { element, nodes, makePart, snapshot } = host;
  const call = (/** @type {string} */ name, /** @type {unknown[]} */ ...args) => {
    Promise.resolve(host.call(name, args)).catch(() => {}); // Go tells the visitor
  };
  const hide = () => nodes.teaser?.remove();
  const dismiss = () => {
    if (nodes.teaser?.isConnected) {
      // The focused button goes. After the invitation was accepted, the focus is in the composer, and stays there.
      nodes.teaser.matches(":focus-within") && nodes.launcher.focus({ preventScroll: true });
      hide();
      snapshot() || snapshot('{"v":1,"teaser":true}'); // as Go reads it
    }
  };
  const starterButton = (/** @type {string} */ text) => {
    const button = document.createElement("button");
    button.textContent = text;
    button.onclick = () => {
      call("open");
      call("send", text);
      tellStarter(element, text);
    };
    return button;
  };
  /** Shows the bubble with a rule's words. @param {import("./teaser_rules.js").Rule} rule */
  const show = ({ text, starters }) => {
    host.adoptSheets(sheet);
    const invite = makePart("button", "invite", text ?? word(host, WORDS, "teaser"));
    const teaser = makePart("div", "teaser");
    teaser.setAttribute("role", "status");
    nodes.frame.append(teaser); // empty, so that a screen reader reads what is added
    teaser.append(invite, makePart("button", "dismiss"));
    if (starters.length) {
      const group = document.createElement("div");
      invite.id = "invite";
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", invite.id);
      group.append(...starters.map(starterButton));
      teaser.append(group);
    }
    teaser.onkeydown = (/** @type {KeyboardEvent} */ { key }) => {
      key === "Escape" && dismiss(); // without a value: false would keep Enter and Space from the buttons
    };
    invite.onclick = () => call("open");
    nodes.dismiss.onclick = dismiss;
    nodes.dismiss.setAttribute("aria-label", word(host, WORDS, "dismiss"));
  };
  return { show, hide, dismiss };
}
