// @ts-check
/** The one word that is drawn before start.js is there: open, the name of the launcher. */

/**
 * @param {string} tag language
 * @returns {Record<string, string>}
 */
export const words = (tag) => WORDS[tag.slice(0, 2)] || WORDS.en;
