// @ts-check
/** The few words that are drawn before Go is there. */

/**
 * The language of the widget: the element's, then the page's, then the browser's.
 * @param {string | null} own
 */
export const language = (own) => own || document.documentElement.lang || navigator.language;

/** The direction that a language is written in. */
export const direction = (/** @type {string} */ tag) => (/^(ar|he|fa|ur)\b/i.test(tag) ? "rtl" : "ltr");

/**
 * @param {string} tag language
 * @param {string | null} own JSON object of words that replace the built-in ones
 * @returns {Record<string, string>}
 */
export const words = (tag, own) => {
  try {
    own = JSON.parse(own || "");
  } catch {
    own = null; // Go warns
  }
  return { ...(WORDS[tag.slice(0, 2).toLowerCase()] || WORDS.en), .../** @type {any} */ (own) };
};
