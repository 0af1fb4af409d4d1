// @ts-check
/** The module of the disclaimer: a line above the composer, for example that an AI answers. */
import { lastBelowLog } from "./below_log.js";
import { warn } from "./warning.js";
import { watch } from "./watch.js";
import { word } from "./words.js";

/** @typedef {import("../loader/instance.js").Host} Host */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FEATURE_CSS);

/** The most characters of a disclaimer. */
const mostLength = 200;

/** Returns the attribute's text, which may be too long. @param {Host} host @returns {string[]} its characters */
function charactersOf(host) {
  const given = (host.attr("disclaimer") ?? "").trim();
  const name = given.toLowerCase();
  return [...(name === "none" ? "" : name === "ai" ? word(host, WORDS, "aiNotice") : given)];
}

/**
 * Shows the disclaimer, and makes it the description of the panel.
 * @param {Host} host
 * @param {import("../loader/element.js").Page} page
 */
export function extend(host, page) {
  const { nodes, makePart } = host;
  const { panel } = nodes;
  const line = makePart("p", "disclaimer");
  line.id = "disclaimer";
  let warned = "";

  const update = () => {
    const all = charactersOf(host);
    const text = all.slice(0, mostLength).join("");
    const rest = all.slice(mostLength).join("");
    if (rest && rest !== warned) {
      warn(page, "disclaimer", rest, `ai, or a text of at most ${mostLength} characters`);
    }
    warned = rest;
    if (line.textContent !== text) {
      line.textContent = text;
    }
    const last = lastBelowLog(nodes, ".dock,[part=starters]");
    if (!text) {
      line.remove();
      panel.removeAttribute("aria-describedby");
    } else if (!line.isConnected) {
      last.after(line);
      panel.setAttribute("aria-describedby", line.id);
    }
  };

  host.adoptSheets(sheet);
  watch(host, ["disclaimer"], update, [panel, { childList: true }]);
}
