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
 * import() takes no integrity, but what an element has fetched and checked under the same URL is what it runs. In Chromium that is a
 * modulepreload, which Trusted Types let a script make. WebKit checks no preload (seen in 2.50), and a browser without Trusted Types may know
 * none: there it is a module script. Only in WebKit, and where the page enforces Trusted Types, is that refused: then fetch checks what it
 * gets, and import() may get something else from a host that tells the two apart.
 * @param {unknown} frame not null: the page lets nothing be fetched
 * @param {string} query makes another URL, because a browser may remember that a module failed to load
 * @returns {Promise<any>}
 */
const download = (frame, query) => {
  const src = new URL(BUILD.start + query, script.src).href;
  const integrity = BUILD.startHash;
  // The vendor is Apple, Google or none at all, by HTML.
  const type = /** @type {any} */ (window).trustedTypes && navigator.vendor[0] != "A" ? "" : "module";
  const node = document.createElement(type ? "script" : "link");
  return new Promise((onload, onerror) => {
    try {
      // What is meant for a link means nothing to a script, and the other way round.
      document.head.append(Object.assign(node, { rel: "modulepreload", href: src, integrity, nonce: script.nonce, onload, onerror, type, src }));
    } catch {
      onload(frame ?? fetch(src, { integrity })); // Trusted Types forbid src
    }
  })
    .finally(() => node.remove())
    .then(
      () => import(src),
      () => {
        throw Error("could not load " + src);
      },
    );
};
