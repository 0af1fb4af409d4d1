// @ts-check
/**
 * Makes parts of messages that scroll sideways reachable with the keyboard, with a name. Parts that do not scroll are
 * no stops of Tab.
 */
import { setAttributes } from "./elements.js";

/** @param {Element} element whose attribute data-name is its name */
const update = (element) => {
  if (element.scrollWidth > element.clientWidth) {
    setAttributes(element, { tabindex: "0", role: "group", "aria-label": /** @type {any} */ (element).dataset.name });
  } else {
    ["tabindex", "role", "aria-label"].forEach((name) => element.removeAttribute(name));
  }
};

/** @type {ResizeObserver | undefined} */
let observer;

/**
 * Watches the parts with a name in new rows. Their sizes are observed, because to ask for them would make the browser
 * lay the rows out at once.
 * @param {DocumentFragment} rows
 */
export function watchScrolling(rows) {
  for (const element of rows.querySelectorAll("[data-name]")) {
    observer ??= new ResizeObserver((entries) => entries.forEach(({ target }) => update(target)));
    observer.observe(element);
  }
}
