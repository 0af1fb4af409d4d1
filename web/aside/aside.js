// @ts-check
/**
 * The module of what the loader leaves out, because few visitors need it: the name of the launcher in languages other than English, what loads
 * an inline chat that comes into view, and what fetches the modules of the teaser and of the notice that the chat could not load.
 */
import { word } from "./words.js";

/** @typedef {import("../loader/life.js").Host} Host */
/** @typedef {typeof import("../loader/element.js").page} Page */

/**
 * What the page view of a widget takes beyond the loader.
 * @param {Host} host
 * @param {Page} page
 */
export function assist(host, page) {
  const { attr, dress, nodes } = host;
  /** Until Go does it, which then has its own words. */
  const name = () => nodes.launcher && host.trigger === nodes.launcher && !attr("launcher-label") && nodes.launcher.setAttribute("aria-label", word(host, WORDS, "open"));
  host.dress = () => {
    dress();
    name();
  };
  name();
  if (attr("mode") === "inline" && attr("load") !== "eager") {
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && host.warm()).observe(host.element);
  }
  return attr("teaser") && page.download(BUILD.teaser, BUILD.teaserHash, attr("frame")).then(({ tease }) => tease(host, page));
}

/**
 * Says that the chat could not load.
 * @param {Host} host
 * @param {Page} page
 * @param {Error} reason
 */
export async function sorry(host, page, reason) {
  const { notify } = await page.download(BUILD.failure, BUILD.failureHash, host.attr("frame"));
  notify(host, page, reason);
}
