// @ts-check
/**
 * Passes the frames of a burst to Go as one text, with U+001E between them, a character that JSON does not contain (RFC
 * 7464 uses it in the same way). A call from JavaScript into Go takes longer than Go's handling of most frames. Frames
 * at the rate of people who write are passed one by one. Frames that Go does not read are not copied into its memory.
 */

/** A frame is part of a burst if more than this many frames have arrived within the window. */
const singleFrames = 8;

/** The window in milliseconds. */
const burstWindow = 10;

/**
 * Joins a socket's bursts. It must be called before any other listener is added to the socket.
 * @param {WebSocket} socket
 * @param {any} goGlobals
 */
export function joinBursts(socket, { setTimeout, MessageEvent, document }) {
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
    const { data } = event;
    // Go ignores a binary frame, and one that is larger. Of these, it gets as much as it needs to say so.
    const fits = data.length <= FACTS.maxFrame;
    if (!count++) {
      setTimeout(deliver, burstWindow);
    }
    if (!fits || count > singleFrames) {
      event.stopImmediatePropagation();
      waiting.push(data.slice(0, FACTS.maxFrame + 1));
    }
    if (!fits || document.hidden) {
      deliver(); // to keep the order; hidden pages have slow timers
    }
  });
  socket.addEventListener("close", deliver);
}
