// @ts-check
/** Draws what the facade lacks: names, roles, and the parts that are empty at first. */
import { setAttributes } from "./elements.js";
import { hasTranslation, translation } from "./translation.js";
import { wordsFor } from "./words.js";

/** @typedef {import("./host.js").StartedHost} StartedHost */

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** Returns the style sheet of what this module draws, and of what Go draws later. */
export function panelSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(WIDGET_CSS);
  }
  return sheet;
}

/** Adds parts and roles to the panel. @param {StartedHost} host */
export function drawPanel({ attr, nodes, makePart }) {
  const { panel, header, log, input } = nodes;
  nodes.heading?.remove(); // drawn by aside/failure.js if start.js failed to load before
  const heading = makePart("b", "heading");
  const avatar = makePart("figure", "avatar");
  setAttributes(panel, { role: attr("mode") === "inline" ? "region" : "dialog" });
  setAttributes(heading, { role: "heading", "aria-level": "2" });
  setAttributes(avatar, { "aria-hidden": "true" });
  setAttributes(log, { role: "log", tabindex: "0" });
  setAttributes(input, { rows: "1" });
  const subheading = makePart("p", "subheading", attr("subheading") || "");
  const who = document.createElement("div");
  who.className = "who";
  who.append(heading, subheading);
  header.prepend(avatar, who);
  const status = makePart("div", "status");
  setAttributes(status, { role: "status" });
  log.before(status);
  if (attr("mode") === "inline") {
    nodes.launcher.remove();
    nodes.launcher = nodes.badge = null;
    nodes.close.hidden = true;
  } else {
    const badge = makePart("span", "badge");
    badge.hidden = true;
    badge.setAttribute("aria-hidden", "true"); // the launcher's name has the count in words
    panel.after(badge); // not inside the launcher: the text of a button is part of its name
  }
}

/** Sets the words of the panel. @param {StartedHost} host */
export function applyWords(host) {
  const { attr, nodes } = host;
  if (hasTranslation(host) && !translation(host)) {
    return; // no words for a moment are better than English ones that change
  }
  const words = wordsFor(host);
  const name = host.chatOwner || attr("heading");
  nodes.heading.textContent = name || words.heading;
  setAttributes(nodes.panel, { "aria-label": name ? words.chatNamed.replace("{name}", name) : words.heading });
  nodes.input.placeholder = attr("placeholder") || words.placeholder;
  setAttributes(nodes.input, { "aria-label": words.message });
  setAttributes(nodes.send, { "aria-label": words.send });
  setAttributes(nodes.close, { "aria-label": words.close });
  setAttributes(nodes.log, { "aria-label": words.conversation });
}

/** Adds a message of the visitor that waits for Go. @param {StartedHost} host @param {string} text */
export function addProvisionalRow(host, text) {
  const {
    makePart,
    nodes: { log },
  } = host;
  const row = makePart("div", "message", makePart("div", "bubble", text));
  row.className = "row first provisional";
  setAttributes(row, { role: "article", "data-from": "visitor" });
  log.append(row);
  updateProvisionalRows(host);
  log.scrollTop = log.scrollHeight;
}

/** Shows the state of the messages that wait for Go. @param {StartedHost} host */
export function updateProvisionalRows(host) {
  const failed = host.state === "failed";
  for (const row of host.nodes.log.querySelectorAll(".provisional")) {
    row.dataset.state = failed ? "failed" : "sending";
    row.querySelector(".meta")?.remove();
    if (failed) {
      const meta = document.createElement("div");
      meta.className = "meta wrong";
      meta.textContent = wordsFor(host).notSent;
      row.append(meta);
    }
  }
}
