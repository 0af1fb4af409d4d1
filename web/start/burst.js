// @ts-check
/**
 * Frames that come in a burst cross into Go as one text, with U+001E between them, which stands nowhere in JSON (RFC 7464 puts it to the
 * same use). A crossing costs Go more than all that it does about most frames. What comes at the pace of people is not touched.
 */

/** From the frame after so many within so many milliseconds on it is a burst. */
const few = 8;
const soon = 10;

/**
 * To be called before anybody else listens.
 * @param {WebSocket} socket
 * @param {any} scope see scope.js
 */
export function gather(socket, { setTimeout, MessageEvent, document }) {
  let count = 0;
  /** @type {string[]} */
  let waiting = [];
  let delivering = false;

  const deliver = () => {
    const data = waiting.join("\x1e");
    [count, waiting] = [0, []];
    if (data) {
      delivering = true;
      socket.dispatchEvent(new MessageEvent("message", { data }));
      delivering = false;
    }
  };
  socket.addEventListener("message", (event) => {
    if (delivering) {
      return;
    }
    if (typeof event.data != "string" || document.hidden) {
      deliver(); // in their order; and hidden pages have slow timers
      return;
    }
    if (!count++) {
      setTimeout(deliver, soon);
    }
    if (count > few) {
      event.stopImmediatePropagation();
      waiting.push(event.data);
    }
  });
  socket.addEventListener("close", deliver);
}
