// @ts-check
/** Fetches start.js, which starts Go, once for all widgets of the page. */
import { setTimeout } from "./natives.js";

/** The other files lie beside this script. */
export const script = /** @type {HTMLScriptElement} */ (document.currentScript);

/** @type {Promise<any> | undefined} */
let loading;

/**
 * Resolves with the module. A failure is met by trying again, once; then by the next call.
 *
 * import() takes no integrity, but what a modulepreload has fetched and checked is what it runs.
 * @param {string} [again] makes another URL, because a browser may remember that a module failed to load
 */
export const module = (again = "") =>
  (loading ||= new Promise((resolve, reject) => {
    const href = new URL(BUILD.start + again, script.src).href;
    const link = document.createElement("link");
    const settle = (/** @type {any} */ event) => {
      link.remove();
      if (event?.type != "error") {
        resolve(import(href));
      } else {
        loading = undefined;
        again ? reject(Error("could not load " + href)) : setTimeout(() => resolve(module("?" + Date.now())), 2000);
      }
    };
    document.head.append(Object.assign(link, { rel: "modulepreload", crossOrigin: "", integrity: BUILD.startHash, nonce: script.nonce, href, onload: settle, onerror: settle }));
    link.relList.supports(link.rel) || settle(0);
  }));
