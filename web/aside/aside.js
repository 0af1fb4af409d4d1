// @ts-check
/**
 * The module of what only some page views need beyond the loader: the launcher's name in languages other than English,
 * the loading of an inline chat that scrolls into view, and the loading of the modules of the teaser and of the notice
 * that the chat could not load.
 */
import { word } from "./words.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("../loader/element.js").Page} Page */

/**
 * Adds to an instance what the loader leaves out.
 * @param {Host} host
 * @param {Page} page
 */
export function extend(host, page) {
  const { attr, applyAttributes, nodes } = host;
  /** Sets the launcher's name until Go does. */
  const applyLanguage = () => {
    if (nodes.launcher && host.trigger === nodes.launcher && !attr("launcher-label")) {
      nodes.launcher.setAttribute("aria-label", word(host, WORDS, "open"));
    }
  };
  host.applyAttributes = () => {
    applyAttributes();
    applyLanguage();
  };
  applyLanguage();
  if (attr("mode") === "inline" && attr("load") !== "eager") {
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && host.preload()).observe(
      host.element,
    );
  }
  return (
    attr("teaser") &&
    page
      .loadModule(BUILD.teaser, BUILD.teaserHash, attr("frame"))
      .then(({ scheduleTeaser }) => scheduleTeaser(host, page))
  );
}

/**
 * Shows the notice that the chat could not load.
 * @param {Host} host
 * @param {Page} page
 * @param {Error} reason
 */
export async function notify(host, page, reason) {
  const { showFailure } = await page.loadModule(BUILD.failure, BUILD.failureHash, host.attr("frame"));
  showFailure(host, page, reason);
}
