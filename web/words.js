// @ts-check
/** The two words that are drawn before start.js is there: open and retry. */

/**
 * @param {string} tag language
 * @returns {Record<string, string>}
 */
export const words = (tag) => WORDS[tag.slice(0, 2)] || WORDS.en;
