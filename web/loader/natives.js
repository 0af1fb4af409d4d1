// @ts-check
/**
 * What the page had when the script ran, for Go and for us. A page that replaces these later does not reach the chat by it. By name: reading
 * all of window takes a tenth of a second on a phone.
 * @type {any}
 */
export const natives = {};
for (const name of "fetch WebSocket setTimeout clearTimeout requestAnimationFrame console".split(" ")) {
  natives[name] = /** @type {any} */ (window)[name];
}

export const { fetch, setTimeout } = natives;

/** A console may be missing, or one of the page's own that throws. */
export const error = (/** @type {unknown} */ text) => {
  try {
    natives.console.error("plura-chat: " + text);
  } catch {}
};
