// @ts-check
/** The module of other ways to reach the site owner: links in the header, the menu, and the notices of failures. */
import { itemsOf, readEntries, shortText } from "./entries.js";
import { warn } from "./warning.js";
import { watch } from "./watch.js";
import { word } from "./words.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {{label: string, href: string, kind: string}} Contact */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FEATURE_CSS);

/** How many contacts there may be, and how many characters a label may have. */
const most = { count: 4, length: 40 };

/** Returns the contact that an item of the attribute's list stands for, if it does. @param {any} item */
function readContact(item) {
  const label = shortText(Object(item).label, most.length);
  try {
    const { href, protocol, pathname } = new URL(Object(item).url);
    const kind = /^(tel|mailto|sms|https):$/.exec(protocol)?.[1];
    return label && kind && pathname && { label, href, kind };
  } catch {}
}

/**
 * Makes the link of a contact.
 * @param {Contact} contact
 * @param {boolean} framed whether the chat is in an iframe
 */
function makeLink({ label, href, kind }, framed) {
  const link = document.createElement("a");
  link.href = href;
  link.textContent = label;
  // For Chromium, an iframe that follows tel: is navigated: where the page's policy has a frame-src, which does not
  // allow tel:, an error would take the place of the chat.
  if (framed || kind === "https") {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return link;
}

/** Makes an icon for the header of a contact's link. @param {HTMLElement} link @param {Contact} contact */
function makeIcon(link, { label, kind }) {
  link.textContent = "";
  link.className = kind;
  link.setAttribute("part", "contact");
  link.setAttribute("aria-label", label);
  return link;
}

/** Makes an item for Go's menu of a contact's link. @param {HTMLElement} link */
function makeItem(link) {
  link.setAttribute("role", "menuitem");
  link.tabIndex = -1;
  link.dataset.do = "menu"; // a click also closes the menu
  link.onkeydown = (event) => {
    if (event.key === " ") {
      event.preventDefault();
      link.click();
    }
  };
  return link;
}

/** Makes a list for a notice. @param {HTMLElement[]} links */
function makeList(links) {
  const make = (/** @type {string} */ role, /** @type {Node[]} */ ...children) => {
    const node = document.createElement("span"); // a notice may be a paragraph
    node.setAttribute("role", role);
    node.append(...children);
    return node;
  };
  const list = make("list", ...links.map((link) => make("listitem", link)));
  list.className = "contacts";
  return list;
}

/**
 * Adds the contacts wherever they belong and are not yet.
 * @param {Host} host
 * @param {Contact[]} contacts at least one
 */
function draw(host, contacts) {
  const { panel, header, close } = host.nodes;
  const framed = Boolean(/** @type {any} */ (host.element).pageOrigin);
  const links = () => contacts.map((contact) => makeLink(contact, framed));
  const find = (/** @type {string} */ selector) => header.querySelector(selector);
  const menu = find("[role=menu]");
  if (!find("[part=contact]")) {
    (find("[part=expand]") ?? find("[part=menu-button]") ?? close).before(makeIcon(links()[0], contacts[0]));
  }
  if (menu && !find("[role=menu] a")) {
    menu.prepend(...links().map(makeItem));
  }
  for (const notice of panel.querySelectorAll(":scope>[part~=notice]")) {
    if (!notice.querySelector(".contacts")) {
      notice.append(makeList(links()));
    }
  }
}

/**
 * Shows the contacts.
 * @param {Host} host
 * @param {import("../loader/element.js").Page} page
 */
export function extend(host, page) {
  const { panel, header } = host.nodes;
  let value = "";
  /** @type {Contact[]} */
  let contacts = [];
  // In the iframe mode, this module also runs in the page, and warns there.
  const refuse = (/** @type {string} */ refused) =>
    /** @type {any} */ (host.element).pageOrigin ||
    warn(
      page,
      "contacts",
      refused,
      `[{"label": "…", "url": "…"}], at most ${most.count}, labels of at most ${most.length} characters, tel: mailto: sms: https:`,
    );
  const update = () => {
    const now = (host.attr("contacts") ?? "").trim();
    if (now !== value) {
      value = now;
      contacts = /** @type {Contact[]} */ (now ? readEntries(itemsOf(now), most.count, readContact, refuse) : []);
      panel
        .querySelectorAll("[part=contact],[role=menu] a,.contacts")
        .forEach((/** @type {Element} */ node) => node.remove());
    }
    if (contacts.length) {
      draw(host, contacts);
    }
    for (const list of panel.querySelectorAll(".contacts")) {
      list.setAttribute("aria-label", word(host, WORDS, "contacts"));
    }
  };
  host.adoptSheets(sheet);
  watch(host, ["contacts"], update, [panel, { childList: true }], [header, { childList: true }]);
}
