// @ts-check
/** Fetches and starts Go, once for all widgets of the page. */
import { lives } from "./element.js";
import { fetch, natives } from "./natives.js";

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);

/** URL of plura-chat.js; the other files lie beside it. */
export const address = script?.src || document.baseURI;

/** @type {Promise<(host: object) => import("./life.js").Handle> | undefined} */
let starting;
let tries = 0;

/** Resolves with Go's mount. After a failure, or once Go has died, the next call tries again. */
export const start = () => (starting ||= download().catch((reason) => {
  starting = undefined;
  throw reason;
}));

const download = async () => {
  // A browser may remember that a module failed to load, by its URL.
  const url = new URL(BUILD.start + (tries++ ? "?" + tries : ""), address).href;
  // Both at once: the module is small, the wasm is what takes time. start.js checks its hash.
  const wasm = fetch(new URL(BUILD.wasm, address).href);
  wasm.catch(() => 0); // start.js reports it
  await preload(url);
  const { start } = await import(url);
  return start({
    address,
    natives,
    wasm,
    onexit(/** @type {string} */ reason) {
      starting = undefined;
      lives.forEach((life) => life.fell(reason));
    },
  });
};

/** import() takes no integrity, but what a modulepreload has fetched and checked is what it runs. */
const preload = (/** @type {string} */ url) =>
  new Promise((resolve, reject) => {
    const link = document.createElement("link");
    if (!link.relList.supports("modulepreload")) {
      return resolve(0);
    }
    link.rel = "modulepreload";
    link.crossOrigin = "";
    link.integrity = BUILD.startHash;
    link.nonce = script?.nonce;
    link.href = url;
    link.onload = link.onerror = (event) => {
      link.remove();
      /** @type {Event} */ (event).type === "load" ? resolve(0) : reject(Error("could not load " + url));
    };
    document.head.append(link);
  });
