// @ts-check
/** Loads start.js and aside.js, each once for all widgets of the page. */
import { fetch } from "./native_globals.js";

/**
 * The tag of this script. It is read through the prototype's getter, because <img name="currentScript"> shadows the
 * property of document.
 * @type {HTMLScriptElement | null}
 */
export const tag = /** @type {any} */ (Reflect.get(Document.prototype, "currentScript", document));

/**
 * The address of this script, beside which the other files lie, and its nonce. They are read once, so that later
 * changes to the tag, to <base> or to the page's address have no effect on what is loaded.
 */
export const script = { src: tag?.src, nonce: tag?.nonce };

/** The module start.js, once it has been requested. @type {Promise<any> | undefined} */
let startModule;

/** Makes a new URL for start.js after a failure, because a browser may cache that a module failed to load. */
let query = "";

/**
 * Resolves with the module start.js. After a failure the next call tries again.
 * @param {unknown} frame as for download
 */
export const loadStart = (frame) =>
  (startModule ||= download(BUILD.start + query, BUILD.startHash, frame).catch((/** @type {unknown} */ reason) => {
    startModule = undefined;
    query = "?" + Date.now();
    throw reason;
  }));

/** Resolves with the module aside.js. @param {unknown} frame as for download */
export const loadAside = async (frame) => download(BUILD.aside, BUILD.asideHash, frame);

/**
 * Loads a module and checks its integrity. import() has no integrity, but it runs what an element has fetched and
 * checked under the same URL. In Chromium that element is a modulepreload link, which scripts may make under Trusted
 * Types. WebKit 2.50 does not check preloads, and a browser without Trusted Types may not support them: there it is a
 * module script. Only WebKit with enforced Trusted Types refuses that script: then fetch checks the file, and import()
 * may get another one from a host that distinguishes the two requests.
 * @param {string} name of the file
 * @param {string} integrity
 * @param {unknown} frame not null: the page's policy may forbid fetch
 * @returns {Promise<any>}
 */
export const download = (name, integrity, frame) => {
  const src = new URL(name, script.src).href;
  // HTML allows three vendors: Apple, Google, or an empty string.
  const type = /** @type {any} */ (window).trustedTypes && navigator.vendor[0] !== "A" ? "" : "module";
  const node = document.createElement(type ? "script" : "link");
  return new Promise((onload, onerror) => {
    try {
      // A script ignores the properties of a link, and a link those of a script.
      document.documentElement.append(
        Object.assign(node, {
          rel: "modulepreload",
          href: src,
          integrity,
          nonce: script.nonce,
          onload,
          onerror,
          type,
          src,
        }),
      );
    } catch {
      onload(frame ?? fetch(src, { integrity })); // Trusted Types forbid src
    }
  })
    .finally(() => node.remove())
    .then(
      () => import(src),
      () => {
        throw Error("The chat could not load " + src);
      },
    );
};
