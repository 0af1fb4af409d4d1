// @ts-check
/**
 * The module that finds out from where the visitor came. In place of the value of the attribute attribution, Go reads
 * the JSON text of an object from the host (widget/chat/options_read.go), and adds its members to lead data.
 */
import { webStorage } from "../loader/storage.js";

/** The key in sessionStorage of the object of the visit's first page. */
const key = FACTS.keyPrefix + "attribution";

/** The most members of the object, characters of a value, and bytes of the whole, of which Go accepts no more. */
const most = { members: 16, characters: 300, bytes: 4096 };

const isName = (/** @type {string} */ name) => /^(utm_\w{1,40}|gclid|fbclid|msclkid|landing_page|referrer)$/.test(name);

/**
 * Returns the JSON text of the object with the members that have a known name, within the limits. Of members of the
 * same name it has the first.
 * @param {Iterable<[string, unknown]>} members
 */
function textOf(members) {
  /** The names so far, with those of values for which there is no room. */
  const names = new Set();
  let object = {};
  let text = "{}";
  for (const [name, given] of members) {
    const shown = typeof given === "string" ? given.replace(/\p{Cc}/gu, "") : "";
    const value = [...shown].slice(0, most.characters).join("");
    if (isName(name) && value && !names.has(name) && names.size < most.members) {
      names.add(name);
      const more = { ...object, [name]: value };
      const longer = JSON.stringify(more);
      if (new TextEncoder().encode(longer).length <= most.bytes) {
        object = more;
        text = longer;
      }
    }
  }
  return text;
}

/** Returns the text for this page. */
function pageText() {
  const { origin, pathname, search } = location;
  const [referrer] = document.referrer.split(/[?#]/);
  // Scripts of the page may have removed the parameters from the address since it was loaded.
  const loaded = performance.getEntriesByType("navigation")[0]?.name.split("#")[0].split("?")[1];
  return textOf([
    ["landing_page", origin + pathname],
    ["referrer", (referrer + "/").startsWith(origin + "/") ? "" : referrer],
    ...new URLSearchParams(search),
    ...new URLSearchParams(loaded),
  ]);
}

/** Returns the text for the visit's first page. @param {import("../loader/instance.js").Host} host */
function sessionText({ attr }) {
  if (attr("storage") === "none") {
    return pageText();
  }
  try {
    // What is stored may be of another script.
    const stored = textOf(Object.entries(JSON.parse(/** @type {any} */ (webStorage("session", key)))));
    if (stored !== "{}") {
      return stored;
    }
  } catch {}
  const text = pageText();
  webStorage("session", key, text);
  return text;
}

/**
 * Puts the object in place of the attribute's value.
 * @param {import("../loader/instance.js").Host} host
 * @param {import("../loader/element.js").Page} page
 */
export function extend(host, page) {
  const { attr } = host;
  host.attr = (name) => {
    const value = attr(name);
    const source = name === "attribution" && /^\s*(page|session)\s*$/i.exec(value ?? "")?.[1].toLowerCase();
    return source ? (source === "page" ? pageText() : sessionText(host)) : value;
  };
  host.attr("attribution"); // stores the first page
  host.attributeChanged("attribution"); // Go may have read the attribute already
}
