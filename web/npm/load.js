// @ts-check
/** Adds plura-chat.js to the page. That script is no module: it finds its other files beside its own URL. */

/** @typedef {import("./plura-chat.js").PluraChat} PluraChat */

/** The script of this page, once it has been requested. @type {Promise<PluraChat> | undefined} */
let loading;

/** @type {typeof import("./load.js").load} */
export const load = (options = {}) =>
  (loading ??= add(options).catch((reason) => {
    loading = undefined; // the next call tries again
    throw reason;
  }));

const add = async (/** @type {import("./load.js").PluraChatLoadOptions} */ options) => {
  const { src = "/plura-chat/plura-chat.js", nonce = "", integrity = "" } = options;
  if (!customElements.get("plura-chat")) {
    const script = document.createElement("script");
    await new Promise((done) => {
      script.onload = script.onerror = done;
      script.nonce = nonce;
      script.integrity = integrity;
      script.crossOrigin = integrity ? "anonymous" : null;
      script.src = /** @type {string} */ (src);
      document.head.append(script);
    });
    // A host may answer with a page instead of an error. Then the script has loaded, and has defined nothing.
    if (!customElements.get("plura-chat")) {
      script.remove();
      throw Error(`plura-chat: ${src} is missing; "npx plura-chat copy public/plura-chat" puts the files there`);
    }
  }
  return window.PluraChat;
};
