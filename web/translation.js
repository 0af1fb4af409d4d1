// @ts-check
/** The words of the visitor's language, one small file each. English is in the WebAssembly. */
import { native } from "./scope.js";

/** JSON texts by language. @type {Map<string, string>} */
const loaded = new Map();

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
 * Loads the words for a widget. It never rejects: without them the chat speaks English.
 * @param {{element: HTMLElement}} host
 * @param {typeof import("./element.js").page} page
 */
export async function translate(host, { natives, script }) {
  const language = primary(languageOf(host));
  if (Object.hasOwn(files, language) && !loaded.has(language)) {
    const file = files[language];
    try {
      const response = await native(natives, "fetch")(new URL(file.name, script.src).href, { integrity: file.hash });
      if (response.ok) {
        loaded.set(language, await response.text());
      }
    } catch {}
  }
}
