// @ts-check
/**
 * Delays the WebAssembly while a greeting is on its way: to receive, read and compile it delays the handshake and the
 * drawing. How long a greeting takes depends on the visitor's machine and network, and on the server. So the wait
 * follows what the same greeting took before.
 */
import { runLater } from "./go_globals.js";

/**
 * The longest time in milliseconds until the socket opens. A handshake that takes longer waits for the network, and a
 * compilation does not delay it.
 */
const longestHandshake = 1000;

/** How much longer a step may take than all steps before it. */
const slowestStep = 3;

/** The waits that have not ended. @type {Set<Promise<void>>} */
const waits = new Set();

/** Begins a wait, and returns what ends it. @returns {() => void} */
export function beginWait() {
  /** @type {() => void} */
  let end = () => {};
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => (end = resolve));
  waits.add(ended);
  ended.then(() => waits.delete(ended));
  return end;
}

/**
 * Begins to wait for a greeting whose socket is being opened.
 * @param {any} goGlobals
 * @returns {{step: () => void, end: () => void}} step is to be called when the socket opens, and for each frame; end
 *   when the greeting has been painted or does not come
 */
export function waitForGreeting(goGlobals) {
  const { performance } = goGlobals;
  const begun = performance.now();
  const end = beginWait();
  let steps = 0;
  const endUnlessStep = (/** @type {number} */ within) => {
    const current = ++steps;
    runLater(goGlobals, () => current === steps && end(), within);
  };
  endUnlessStep(longestHandshake);
  return { step: () => endUnlessStep(slowestStep * (performance.now() - begun)), end };
}

/** Resolves when no greeting is awaited any more. It never rejects. */
export async function afterGreeting() {
  while (waits.size) {
    await Promise.all(waits);
  }
}

/** Reports whether the visitor's connection is slow, or the visitor wants to save data. */
export const isSlowLine = () => {
  const { saveData, effectiveType } = /** @type {any} */ (navigator).connection || 0;
  return saveData || /2g/.test(effectiveType);
};

/**
 * Resolves when the download may begin: like afterGreeting, but no later than after the time that start.js took.
 * The WebAssembly is forty times as large, so on a slow line this adds little to its time.
 * @param {any} goGlobals
 */
export function beforeDownload(goGlobals) {
  if (isSlowLine()) {
    return afterGreeting(); // which also waits for the first use of the chat
  }
  let most = 0;
  try {
    most = goGlobals.performance.getEntriesByName(import.meta.url)[0].duration;
  } catch {} // the page keeps no times of downloads
  return Promise.race([
    afterGreeting(),
    new Promise((/** @type {(_: void) => void} */ resolve) => runLater(goGlobals, resolve, most)),
  ]);
}
