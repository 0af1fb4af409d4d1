// @ts-check
/** What the debug log says of frames. Go writes the log (widget/widget_js.go). */

/**
 * Counts the frames that the log names as sent, from Go's start on: by kind, such as heartbeat. Go reads the console
 * when it starts, so of a program that has started before, nothing is heard.
 * @param {any} nativeGlobals
 * @param {AbortSignal} signal ends the counting
 */
export function hear(nativeGlobals, signal) {
  /** @type {Record<string, number>} */
  const sent = {};
  const { console } = nativeGlobals;
  nativeGlobals.console = {
    __proto__: console,
    debug(/** @type {unknown[]} */ ...line) {
      if (line[1] === "→" && !signal.aborted) {
        const kind = String(line[2]);
        sent[kind] = (sent[kind] ?? 0) + 1;
      }
      console.debug(...line);
    },
  };
  return { sent };
}
