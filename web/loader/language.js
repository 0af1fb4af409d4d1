// @ts-check
/** The language of a widget. */

/**
 * Returns the tag of a widget's language as it is written: its own, the page's, or the browser's.
 * @param {{attr: (name: string) => string | null}} host
 */
export const languageOf = ({ attr }) => attr("lang") || document.documentElement.lang || navigator.language;

/**
 * Returns the key of the words for a language tag: that of the longest part of the tag that has words, as RFC 4647
 * describes the lookup. Portuguese is Brazilian in Brazil, and where no country is named. What has no words is English.
 * @param {string} tag
 * @param {string[]} languages those that have words besides English
 */
export function lookup(tag, languages) {
  for (let range = tag.toLowerCase().replace(/_/g, "-"); range; range = range.replace(/-?[^-]*$/, "")) {
    const key = FACTS.languageAliases[range] ?? range.replace(/^pt-(?!br)..$/, "pt-pt");
    if (languages.includes(key)) {
      return key;
    }
  }
  return "en";
}
