// @ts-check
/** Fetches start.js, which starts Go, Go itself, and aside.js, each once for all widgets of the page. */
import { fetch } from "./natives.js";

/** The tag of this script. By the getter, because <img name="currentScript"> comes before it on document. @type {HTMLScriptElement | null} */
export const tag = /** @type {any} */ (Reflect.get(Document.prototype, "currentScript", document));

/**
 * Where this script came from; the other files lie beside it. Read once: what the page does later, to the tag, with <base> or with its own
 * address, does not send anybody elsewhere.
 */
export const script = { src: tag?.src, nonce: tag?.nonce };

/** @type {Promise<any> | undefined} */
let loading;

/** Makes another URL of start.js, because a browser may remember that a module failed to load. */
let query = "";

/**
 * Resolves with the module start.js. After a failure the next call tries again.
 * @param {{wasm?: Promise<Response | void>}} page
 * @param {unknown} frame null: Go will run in this page. It is on its way then before start.js is there to compile it (start/compile.js),
 *   but asked for after it, which is needed first.
 */
export const module = (page, frame) =>
  (loading ||= [download(BUILD.start + query, BUILD.startHash, frame), frame ?? (page.wasm = fetch(new URL(BUILD.wasm, script.src)).catch(() => {}))][0].catch(
    (/** @type {unknown} */ reason) => {
      loading = undefined;
      query = "?" + Date.now();
      throw reason;
    },
  ));

/** Resolves with the module aside.js. @param {unknown} frame as above */
export const aside = async (frame) => download(BUILD.aside, BUILD.asideHash, frame);

/**
 * import() takes no integrity, but what an element has fetched and checked under the same URL is what it runs. In Chromium that is a
 * modulepreload, which Trusted Types let a script make. WebKit checks no preload (seen in 2.50), and a browser without Trusted Types may know
 * none: there it is a module script. Only in WebKit, and where the page enforces Trusted Types, is that refused: then fetch checks what it
 * gets, and import() may get something else from a host that tells the two apart.
 * @param {string} name of the file
 * @param {string} integrity
 * @param {unknown} frame not null: the page lets nothing be fetched
 * @returns {Promise<any>}
 */
export const download = (name, integrity, frame) => {
  const src = new URL(name, script.src).href;
  // The vendor is Apple, Google or none at all, by HTML.
  const type = /** @type {any} */ (window).trustedTypes && navigator.vendor[0] != "A" ? "" : "module";
  const node = document.createElement(type ? "script" : "link");
  return new Promise((onload, onerror) => {
    try {
      // What is meant for a link means nothing to a script, and the other way round.
      document.documentElement.append(Object.assign(node, { rel: "modulepreload", href: src, integrity, nonce: script.nonce, onload, onerror, type, src }));
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
