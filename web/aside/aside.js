// @ts-check
/**
 * The module of what only some page views need beyond the loader: the launcher's name in languages other than English,
 * the loading of an inline chat that scrolls into view, and the loading of the modules of features and of the notice
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
  const { attr, applyAttributes, attributeChanged, nodes } = host;
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
    new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && host.showPanel(true),
    ).observe(host.element);
  }
  /** @type {Promise<() => void> | undefined} */
  let loader;
  const loadFeatures = () => {
    if (RegExp(FACTS.featureAttributes).test(String(host.element.getAttributeNames()))) {
      loader ??= page
        .loadModule(BUILD.features, BUILD.featuresHash, attr("frame"))
        .then(({ featureLoader }) => featureLoader(host, page));
      return loader.then((load) => load());
    }
  };
  host.attributeChanged = (name) => {
    attributeChanged(name);
    loadFeatures()?.catch(() => {}); // the first call tells the site owner
  };
  return loadFeatures();
}

/**
 * Shows the notice that the chat could not load.
 * @param {Host} host
 * @param {Page} page
 * @param {Error} reason
 * @param {() => void} load tries again
 */
export async function notify(host, page, reason, load) {
  const { showFailure } = await page.loadModule(BUILD.failure, BUILD.failureHash, host.attr("frame"));
  await showFailure(host, page, reason, load);
}
