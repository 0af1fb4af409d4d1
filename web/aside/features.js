// @ts-check
/**
 * The module that loads the modules of features. A feature is what only some sites use: its module is loaded as soon as
 * one of its attributes is present, at once or later. The loader and aside.js load this module in the same way, so that
 * other sites do not download the names and digests of all modules.
 *
 * The module of a feature exports extend(host, page). It is called once for each instance. The module reads its
 * attributes with host.attr, and watches them itself: they may change, or disappear, at any time.
 */

import { safeConsole } from "../start/go_globals.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("../loader/element.js").Page} Page */

/**
 * Returns a function that loads the modules of all features whose attributes are present, each once.
 * @param {Host} host
 * @param {Page} page
 */
export function featureLoader(host, page) {
  /** @type {Set<string>} */
  const requested = new Set();
  // The page around an iframe has the launcher, and the iframe has the panel.
  const elsewhere = /** @type {any} */ (host.element).pageOrigin ? "page" : host.attr("frame") !== null && "panel";
  return () => {
    for (const { file, integrity, attributes, place } of FEATURES) {
      if (place !== elsewhere && !requested.has(file) && attributes.some((name) => host.element.hasAttribute(name))) {
        requested.add(file);
        page.loadModule(file, integrity, host.attr("frame")).then(
          ({ extend }) => host.controller.signal.aborted || extend(host, page),
          ({ message }) => safeConsole(page.nativeGlobals.console).error("plura-chat: " + message),
        );
      }
    }
  };
}
