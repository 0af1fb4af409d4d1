// @ts-check
/** The module of the launcher's look: a text beside the icon, and another icon. */
import { warn } from "./warning.js";
import { watch } from "./watch.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("../loader/element.js").Page} Page */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FEATURE_CSS);

/** Returns an attribute's value if the launcher is the widget's own. @param {Host} host @param {string} name */
const valueOf = ({ attr }, name) =>
  /^\s*(default)?\s*$/i.test(attr("launcher") ?? "") ? (attr(name) ?? "").trim() : "";

/** Returns the launcher's text, without one that is too long. @param {Host} host */
function textOf(host) {
  const text = valueOf(host, "launcher-text");
  return [...text].length > FACTS.maxLaunchText ? "" : text; // Go warns
}

/**
 * Names the launcher until Go does, so that the name contains the visible text. Visitors who speak to their computer
 * say what they see.
 * @param {Host} host
 */
function applyName(host) {
  const { attr, nodes } = host;
  const text = textOf(host);
  if (text && host.trigger === nodes.launcher) {
    const label = attr("launcher-label") || text;
    const contains = label.toLowerCase().includes(text.toLowerCase());
    nodes.launcher.setAttribute("aria-label", contains ? label : text + ", " + label);
  }
}

/**
 * Returns a function that shows the icon of the attribute, once it has loaded.
 * @param {Host} host
 * @param {Page} page
 */
function iconUpdater(host, page) {
  const { launcher } = host.nodes;
  let address = "";
  /** @type {HTMLImageElement | undefined} */
  let icon;
  return () => {
    const now = valueOf(host, "launcher-icon");
    if (now === address) {
      return;
    }
    address = now;
    icon?.remove();
    icon = undefined;
    launcher.classList.remove("pictured");
    if (/^(https:\/\/\S|data:image\/(png|jpeg|gif|webp|svg\+xml)[;,])/i.test(now)) {
      /** @type {HTMLImageElement} */
      const image = (icon = host.makePart("img", "launcher-icon"));
      image.alt = "";
      image.referrerPolicy = "no-referrer";
      image.onload = () => {
        if (image === icon) {
          launcher.prepend(image);
          launcher.classList.add("pictured");
        }
      };
      image.src = now;
    } else if (now) {
      warn(page, "launcher-icon", now, "an https: URL, or a data: URL of an image (png, jpeg, gif, webp, svg+xml)");
    }
  };
}

/**
 * Shows text and icon.
 * @param {Host} host
 * @param {Page} page
 */
export function extend(host, page) {
  const { attr, nodes, applyAttributes } = host;
  const { launcher } = nodes;
  if (!launcher || attr("mode") === "inline") {
    return;
  }
  const label = host.makePart("span", "launcher-text");
  const updateIcon = iconUpdater(host, page);
  host.applyAttributes = () => {
    applyAttributes();
    applyName(host);
  };
  host.adoptSheets(sheet);
  watch(host, ["launcher-text", "launcher-icon", "launcher"], () => {
    label.textContent = textOf(host);
    launcher.classList.toggle("worded", label.hasChildNodes());
    if (!label.hasChildNodes()) {
      label.remove(); // the launcher without contents is that of the loader
    } else if (!label.isConnected) {
      launcher.append(label);
    }
    applyName(host);
    updateIcon();
  });
}
