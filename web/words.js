// @ts-check
/** The one word that is drawn before start.js is there: the name of the launcher. */

/** @param {string} tag language */
export const words = (tag) => WORDS[tag.slice(0, 2)] || WORDS.en;
