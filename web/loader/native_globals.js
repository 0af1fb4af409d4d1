// @ts-check
/**
 * The page's globals as they were when the script ran, for Go and for the widget's scripts. A page that replaces them
 * later does not affect the chat. Only the listed names are read: to read all of window takes a tenth of a second on a
 * phone.
 * @type {any}
 */
export const nativeGlobals = {};
for (const name of "fetch WebSocket setTimeout clearTimeout requestAnimationFrame console".split(" ")) {
  nativeGlobals[name] = /** @type {any} */ (window)[name];
}

export const { fetch, setTimeout } = nativeGlobals;

/** Writes an error to the console, which may be missing, or may be an object of the page that throws. */
export const error = (/** @type {unknown} */ text) => {
  try {
    nativeGlobals.console.error("plura-chat: " + text);
  } catch {}
};
