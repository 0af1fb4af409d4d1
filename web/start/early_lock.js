// @ts-check
/** Requests, before Go runs, the lock that gives the connection to one tab (widget/channel_js.go). */
import { runLater } from "./go_globals.js";

/**
 * What hands over a requested lock, by the lock's name. It has the parameters of LockManager.request.
 * @type {Map<string, (options: LockOptions, hold: LockGrantedCallback<any>) => Promise<any>>}
 */
const requests = new Map();

/**
 * Requests the lock of a name, unless it has been requested. A request takes longer than the opening of a socket, which
 * therefore does not wait for it. If another tab has the lock, the controller is aborted.
 * @param {any} goGlobals
 * @param {string} name
 * @param {AbortController} controller
 */
export function requestLock(goGlobals, name, controller) {
  if (requests.has(name)) {
    return;
  }
  const locks = /** @type {LockManager} */ (goGlobals.navigator.locks);
  /** @type {(lock: Lock | null) => void} */
  let answer;
  /** @type {((until: unknown) => void) | undefined} */
  let free;
  let handedOver = false;
  /** @type {Promise<Lock | null>} */
  const answered = new Promise((resolve) => (answer = resolve));
  const request = locks.request(name, { ifAvailable: true }, (lock) => {
    answer(lock);
    return lock && new Promise((resolve) => (free = resolve));
  });
  const ended = () => controller.abort(); // another tab has the lock, or Go has released it
  // The lock was stolen; or the request was refused, and then each tab has a connection.
  const lost = () => (free ? ended() : answer(null));
  request.then(ended, lost);
  /** @type {(options: LockOptions, hold: LockGrantedCallback<any>) => Promise<any>} */
  const handOver = async (options, hold) => {
    if (handedOver) {
      return; // a request to steal the lock that Go is about to get
    }
    handedOver = true;
    // What Go does with the lock is a task of its own.
    await new Promise((/** @type {(_: void) => void} */ resolve) => runLater(goGlobals, resolve));
    const lock = await answered;
    requests.delete(name);
    if (!lock) {
      return locks.request(name, options, hold);
    }
    free?.(hold(lock));
    return request;
  };
  requests.set(name, handOver);
  controller.signal.addEventListener("abort", () => {
    if (!handedOver) {
      requests.delete(name);
      answered.then(() => free?.(0));
    }
  });
}

/** Returns Go's LockManager, which hands over locks that were requested before; undefined if the browser has none. */
export const goLocks = (/** @type {any} */ { navigator: { locks } }) =>
  locks && {
    request: (
      /** @type {string} */ name,
      /** @type {LockOptions} */ options,
      /** @type {LockGrantedCallback<any>} */ hold,
    ) => requests.get(name)?.(options, hold) ?? locks.request(name, options, hold),
  };
