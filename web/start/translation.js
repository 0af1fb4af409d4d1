// @ts-check
/** The words of the visitor's language, one small file each. English is in the WebAssembly. */
import { native } from "./scope.js";

/** JSON texts by language. @type {Map<string, string>} */
const loaded = new Map();

/** What tells the files of this build from others, by language. @type {Record<string, string>} */
const files = typeof TRANSLATIONS === "undefined" ? {} : TRANSLATIONS;

/**
 * The language of a widget: its own, the page's, or the browser's.
 * @param {{element: HTMLElement}} host
 */
export const languageOf = ({ element }) => element.getAttribute("lang") || document.documentElement.lang || navigator.language;

const primary = (/** @type {string} */ tag) => tag.toLowerCase().split("-")[0];

/** Whether there is a file with the words of that language. */
export const expected = (/** @type {string} */ tag) => Object.hasOwn(files, primary(tag));

/** The JSON text of the words in a language, or empty: English, unknown, or not loaded. */
export const translation = (/** @type {string} */ tag) => loaded.get(primary(tag)) || "";

/**
 * Loads the words for a widget. It never rejects: without them the chat speaks English. The file is not checked against a digest: words only
 * ever become text, and a digest for each language would cost every visitor bytes.
 * @param {{element: HTMLElement}} host
 * @param {typeof import("../loader/element.js").page} page
 */
export async function translate(host, { natives, script }) {
  const language = primary(languageOf(host));
  if (Object.hasOwn(files, language) && !loaded.has(language)) {
    const url = new URL(`plura-chat-${language}-${files[language]}.json`, script.src).href;
    // The second time past the cache, which may hold the answer of a host that did not have the file for a moment.
    for (const cache of ["default", "reload"]) {
      try {
        const response = await native(natives, "fetch")(url, { cache });
        if (response.ok) {
          loaded.set(language, await response.text());
          return;
        }
      } catch {}
    }
  }
}
