// @ts-check
/** The module of the starters: messages that the visitor may begin the conversation with, each a button. */
import { hasConversation } from "../loader/storage.js";
import { lastBelowLog } from "./below_log.js";
import { itemsOf, readEntries, shortText } from "./entries.js";
import { tellStarter } from "./suggestion.js";
import { warn } from "./warning.js";
import { watch } from "./watch.js";
import { word } from "./words.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("../loader/element.js").Page} Page */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FEATURE_CSS);

/** How many starters there may be, and how many characters a label or a text may have. */
const most = { count: 6, length: 80 };

/**
 * Returns the starters of the attribute's value.
 * @param {string} value
 * @param {Page} page
 */
function startersOf(value, page) {
  const isList = /^\s*\[/.test(value);
  const items = isList ? itemsOf(value) : value.split("|").filter((label) => label.trim());
  /** @param {any} item */
  const read = (item) => {
    const starter = isList ? Object(item) : { label: item, text: item };
    const [label, text] = [shortText(starter.label, most.length), shortText(starter.text, most.length)];
    return label && text && { label, text };
  };
  return readEntries(items, most.count, read, (refused) =>
    warn(
      page,
      "starters",
      refused,
      `A|B|C or [{"label": "…", "text": "…"}], at most ${most.count} of at most ${most.length} characters`,
    ),
  );
}

/**
 * Returns a function that reports whether the visitor has written in the current conversation. Go says so by an
 * attribute of the panel from its first drawing on, in which it says too whether the composer's text can be sent.
 * @param {Host} host
 */
const writtenReader =
  ({ nodes: { panel, log, send }, snapshot }) =>
  () =>
    send.hasAttribute("aria-disabled")
      ? panel.hasAttribute("data-written")
      : log.querySelector("[data-from=visitor],:scope>p") || hasConversation(snapshot());

/**
 * Shows the starters until the visitor has written.
 * @param {Host} host
 * @param {Page} page
 */
export function extend(host, page) {
  const { element, nodes, makePart } = host;
  const { panel, log, composer, input, send } = nodes;
  const hasWritten = writtenReader(host);
  const group = makePart("div", "starters");
  group.setAttribute("role", "group");
  let value = "";
  /** Whether a starter was chosen that Go has not drawn yet. */
  let chosen = false;

  const choose = (/** @type {string} */ text) => {
    chosen = true;
    input.focus({ preventScroll: true }); // before the focused button goes
    update();
    const settled = () => {
      chosen = false;
      update();
    };
    /** @type {Promise<unknown>} */ (host.call("send", [text])).then(settled, settled); // Go tells the visitor
    tellStarter(element, text);
  };

  const update = () => {
    const now = host.attr("starters") ?? "";
    if (now !== value) {
      value = now;
      const buttons = startersOf(value, page).map(({ label, text }) => {
        const button = document.createElement("button");
        button.textContent = label;
        button.onclick = () => choose(text);
        return button;
      });
      group.replaceChildren(...buttons);
    }
    group.setAttribute("aria-label", word(host, WORDS, "suggestions"));
    const last = lastBelowLog(nodes, ".dock");
    const shown = group.firstChild && !chosen && !composer.hidden && !hasWritten();
    if (!shown) {
      // Another tab may have written. In an inactive window of Firefox, :focus-within matches nothing.
      group.contains(element.shadowRoot?.activeElement ?? null) && input.focus({ preventScroll: true });
      group.remove();
    } else if (!group.isConnected) {
      const end = log.scrollTop && log.scrollHeight - log.scrollTop - log.clientHeight < 9;
      last.after(group);
      if (end) {
        log.scrollTop = log.scrollHeight; // the log has become lower
      }
    }
  };

  host.adoptSheets(sheet);
  watch(
    host,
    ["starters"],
    update,
    [panel, { childList: true, attributeFilter: ["data-written"] }],
    [log, { childList: true }],
    [composer, { attributeFilter: ["hidden"] }],
    [send, { attributeFilter: ["aria-disabled"] }],
  );
}
