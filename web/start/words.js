// @ts-check
/** The words of the panel until Go runs. */
import { translation } from "./translation.js";

/** Words by key: the English ones, replaced by a loaded translation and by the attribute strings. */
/** @typedef {Record<string, string>} Words */

/**
 * Returns the words for a widget.
 * @param {import("../loader/instance.js").Host} host
 * @returns {Words}
 */
export function wordsFor(host) {
  const translated = parse(translation(host));
  const given = parse(host.attr("strings")); // Go warns about what is not used
  /** @type {Words} */
  const words = {};
  for (const key of Object.keys(WORDS)) {
    const [english, place] = /** @type {[string, number]} */ (/** @type {any} */ (WORDS[key]));
    const texts = [given?.[key], translated?.[place], english];
    words[key] = /** @type {string} */ (texts.find((text) => typeof text === "string"));
  }
  return words;
}

/** Returns the value of a JSON text, or undefined if it is none. @param {string | null} json */
const parse = (json) => {
  try {
    return JSON.parse(/** @type {any} */ (json));
  } catch {}
};
