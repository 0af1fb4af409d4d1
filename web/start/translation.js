// @ts-check
/** Loads the words of the visitor's language, one small file for each. The English words are in the WebAssembly. */
import { languageOf, lookup } from "../loader/language.js";
import { nativeGlobal } from "./go_globals.js";

/** @typedef {import("../loader/instance.js").Host} Host */

/** JSON texts by language. @type {Map<string, string>} */
const loaded = new Map();

/** The languages that have a file of words. */
const languages = TRANSLATIONS.languages.split(" ");

/** Returns the name of the words for a widget. @param {Host} host */
const wordsOf = (host) => lookup(languageOf(host), languages);

/**
 * Returns the BCP 47 tag of the language that a widget is in, for its words, formats, and the attributes lang and dir.
 * @param {Host} host
 */
export function languageTag(host) {
  const tag = languageOf(host).replace(/_/g, "-");
  return lookup(tag, languages) === "en" && !/^en(-|$)/i.test(tag) ? "en" : tag;
}

/** Reports whether the words of a widget are in a file. @param {Host} host */
export const hasTranslation = (host) => languages.includes(wordsOf(host));

/** Returns the JSON text of a widget's words; empty if they are English or not loaded. @param {Host} host */
export const translation = (host) => loaded.get(wordsOf(host)) || "";

/**
 * Loads the words for a widget. It never rejects: without them the chat is in English. The file is not checked against
 * a digest: words can only become text, and a digest for each language would cost every visitor bytes.
 * @param {Host} host
 * @param {import("../loader/element.js").Page} page
 */
export async function translate(host, { nativeGlobals, loaderScript }) {
  const language = wordsOf(host);
  if (languages.includes(language) && !loaded.has(language)) {
    const url = new URL(`plura-chat-${language}-${TRANSLATIONS.hash}.json`, loaderScript.src).href;
    // The second request bypasses the cache, which may contain the error of a host that lacked the file for a moment.
    for (const cache of ["default", "reload"]) {
      try {
        const response = await nativeGlobal(nativeGlobals, "fetch")(url, { cache });
        if (response.ok) {
          loaded.set(language, await response.text());
          return;
        }
      } catch {}
    }
  }
}
