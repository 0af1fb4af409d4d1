// @ts-check
/** Loads the words of the visitor's language, one small file for each. The English words are in the WebAssembly. */
import { languageOf } from "../loader/language.js";
import { nativeGlobal } from "./go_globals.js";

/** JSON texts by language. @type {Map<string, string>} */
const loaded = new Map();

/** The part of the file names that differs from build to build, by language. @type {Record<string, string>} */
const files = typeof TRANSLATIONS === "undefined" ? {} : TRANSLATIONS;

const primary = (/** @type {string} */ tag) => tag.toLowerCase().split("-")[0];

/** Reports whether there is a file with the words of a language. */
export const hasTranslation = (/** @type {string} */ tag) => Object.hasOwn(files, primary(tag));

/** Returns the JSON text of the words in a language; empty if it is English, unknown, or not loaded. */
export const translation = (/** @type {string} */ tag) => loaded.get(primary(tag)) || "";

/**
 * Loads the words for a widget. It never rejects: without them the chat is in English. The file is not checked against
 * a digest: words can only become text, and a digest for each language would cost every visitor bytes.
 * @param {import("../loader/instance.js").Host} host
 * @param {import("../loader/element.js").Page} page
 */
export async function translate(host, { nativeGlobals, loaderScript }) {
  const language = primary(languageOf(host));
  if (Object.hasOwn(files, language) && !loaded.has(language)) {
    const url = new URL(`plura-chat-${language}-${files[language]}.json`, loaderScript.src).href;
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
