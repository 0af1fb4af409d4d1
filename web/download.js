// @ts-check
/** Fetches start.js, which starts Go, and Go itself, once for all widgets of the page. */
import { fetch, setTimeout } from "./natives.js";

/** The other files lie beside this script. By the getter, because <img name="currentScript"> comes before it on document. */
export const script = /** @type {HTMLScriptElement} */ (Reflect.get(Document.prototype, "currentScript", document));

/** @type {Promise<any> | undefined} */
let loading;

/**
 * Resolves with the module. A failure is met by trying again, once; then by the next call.
 * @param {{wasm?: Promise<Response | void>}} page
 * @param {unknown} frame null: Go will run in this page. It is on its way then before start.js is there to compile it (compile.js),
 *   but asked for after it, which is needed first.
 */
export const module = (page, frame) =>
  (loading ||= [download(frame, ""), frame ?? (page.wasm = fetch(new URL(BUILD.wasm, script.src)).catch(() => {}))][0]
    .catch(() => new Promise((resolve) => setTimeout(resolve, 2000)).then(() => download(frame, "?" + Date.now())))
    .catch((/** @type {unknown} */ reason) => {
      loading = undefined;
      throw reason;
    }));

/**
 * import() takes no integrity, but what a modulepreload has fetched and checked is what it runs. WebKit loads one without checking (seen in
 * 2.50): so fetch checks too, at the same time, and leaves in the cache what import() takes there.
 * @param {unknown} frame not null: the page lets nothing be fetched
 * @param {string} query makes another URL, because a browser may remember that a module failed to load
 * @returns {Promise<any>}
 */
const download = (frame, query) => {
  const href = new URL(BUILD.start + query, script.src).href;
  const link = document.createElement("link");
  const integrity = BUILD.startHash;
  return Promise.all([
    frame ?? fetch(href, { integrity }),
    new Promise((onload, onerror) => {
      document.head.append(Object.assign(link, { rel: "modulepreload", integrity, nonce: script.nonce, href, onload, onerror }));
      link.relList.supports(link.rel) || onload(0);
    }),
  ]).then(
    () => {
      link.remove();
      return import(href);
    },
    () => {
      link.remove();
      throw Error("could not load " + href);
    },
  );
};
