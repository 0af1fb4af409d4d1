// @ts-check
/** The words of what is drawn before the start module is there, or instead of it. They are in the module that needs them, and not in a file. */
import { languageOf } from "../start/translation.js";

/**
 * The owner's word, or the built-in one of the visitor's language.
 * @param {import("../loader/life.js").Host} host
 * @param {Record<string, Record<string, string>>} words by language and key
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
  return (words[languageOf(host).slice(0, 2).toLowerCase()] ?? words.en)[key];
};
