// @ts-check
/** The words of what is drawn before start.js is there, or instead of it. Each module contains those that it needs. */
import { languageOf, lookup } from "../loader/language.js";

/**
 * Returns the site owner's word, or the built-in one in the widget's language.
 * @param {import("../loader/instance.js").Host} host
 * @param {Record<string, Record<string, string>>} words by key and language
 * @param {string} key
 * @returns {string}
 */
export const word = (host, words, key) => {
  try {
    const given = JSON.parse(/** @type {any} */ (host.attr("strings")))[key];
    if (given && typeof given === "string") {
      return given;
    }
  } catch {} // Go warns
  return words[key][lookup(languageOf(host), Object.keys(words[key]))];
};
