// @ts-check
/**
 * Goes ahead of Go: asks for the lock that gives the connection to one tab (widget/channel_js.go), and in a first conversation opens the socket
 * that Go is about to ask for, keeps what comes on it, and shows the first thing said. On a slow line the WebAssembly takes seconds, and a
 * handshake four round trips; here both are on their way at once, and whoever opens the chat is greeted before Go is there. Where it is not
 * certain what Go will ask for, it is left to Go.
 */
import { gather } from "./burst.js";
import { possible } from "./compile.js";
import { greeter } from "./greeting.js";
import { later, newScope } from "./scope.js";
import { area, holds, keyOf } from "../loader/stores.js";

/** @typedef {import("./skeleton.js").Full} Full */
/** @typedef {import("./skeleton.js").Page} Page */

/** What hands over the socket to an address. @type {Map<string, () => WebSocket | undefined>} */
const sockets = new Map();

/**
 * What hands over the lock of a name, which was asked for already: to a function that keeps it, as LockManager.request has it.
 * @type {Map<string, (options: LockOptions, keep: LockGrantedCallback<any>) => Promise<any>>}
 */
const asked = new Map();

/** As Go's protocol.HeartbeatEvery, in milliseconds. */
const heartbeatEvery = 15e3;

/** So many characters or bytes are kept for Go: as the largest frame that it takes has. */
const atMost = 2 ** 20;

/** For so many milliseconds at most Go waits for a greeting that is on its way: to take in and compile 4 MB would hold it up. */
const courtesy = 60;

/** Greetings that are on their way. @type {Set<Promise<void>>} */
const coming = new Set();

/**
 * To be called with each widget that Go is going to get.
 * @param {Full} host
 * @param {Page} page
 */
export function goAhead(host, page) {
  let scope;
  try {
    scope = newScope(page.natives);
  } catch {
    return; // the page has no WebSocket: Go says so
  }
  const life = new AbortController();
  const { signal } = life;
  host.leave = () => life.abort();
  host.signal.addEventListener("abort", host.leave, { signal });
  addEventListener("pagehide", host.leave, { signal });
  // Others may keep the host for a while; it does not keep the socket.
  signal.addEventListener("abort", () => {
    host.leave = host.turned = undefined;
  });
  const name = keyOf(host.attr);
  if ((host.attr("storage") ?? "local") === "local" && !asked.has(name)) {
    try {
      lock(scope, name, life);
    } catch {} // an old browser, a page that is not secure, or one that forbids it
  }
  host.turned = (open) => {
    const url = !signal.aborted && address(host, scope);
    if (!open) {
      leave(host); // for good: who opens and closes does not begin a conversation each time
    } else if (url && !sockets.has(url)) {
      try {
        connect(host, page, scope, url, life);
      } catch {
        life.abort(); // Go will hear of it too
      }
    }
  };
  if (host.open) {
    host.turned(true);
  }
}

/**
 * Ends it, for a visitor who closes the panel.
 * @param {Full} host
 */
function leave(host) {
  host.leave?.();
  host.nodes.ahead?.remove();
  host.nodes.ahead = null;
}

/**
 * The address that Go is going to dial when it gets this widget with its panel open; empty where that is not certain. It takes less than
 * protocol.CheckURL and widget.ParseOptions do.
 * @param {Full} host
 * @param {any} scope
 */
function address({ attr, queue }, scope) {
  const base = attr("socket-url") ?? "wss://wss.plura.ai";
  const reconnect = attr("reconnect") ?? "true";
  const storage = attr("storage") ?? "local";
  if (
    !/^(wss:\/\/[a-z\d][a-z\d.-]*|ws:\/\/(localhost|127\.0\.0\.1))(:\d{1,5})?(\/[\w/-]*)?$/i.test(base) ||
    !/^(true|false)$/.test(reconnect) ||
    !/^(local|session|none)$/.test(storage) ||
    /inline/i.test(attr("mode") ?? "") || // there an open panel says nothing
    ["session", "flow-instance", "record", "prechat", "frame"].some((name) => attr(name) !== null) ||
    !queue.every(({ name }) => name === "send") || // identify or reset comes first
    !scope.navigator.onLine ||
    document.hidden ||
    !possible(scope)
  ) {
    return "";
  }
  try {
    // What the vendor's sample has left may be a conversation, too.
    if (holds(area(storage).getItem(keyOf(attr))) || localStorage.getItem("plura_session_id")) {
      return "";
    }
  } catch {
    return ""; // forbidden
  }
  return `${base.replace(/\/+$/, "")}/webchat/flow/${attr("flow-id")?.toLowerCase()}/session/null/r/${reconnect}`;
}

/**
 * Asks for the lock. That takes longer than to open a socket, which therefore does not wait for it; should another tab have it, the life ends.
 * @param {any} scope
 * @param {string} name
 * @param {AbortController} life
 */
function lock(scope, name, life) {
  const locks = /** @type {LockManager} */ (scope.navigator.locks);
  /** @type {(lock: Lock | null) => void} */
  let answer;
  /** @type {((until: unknown) => void) | undefined} */
  let free;
  let handing = false;
  /** @type {Promise<Lock | null>} */
  const answered = new Promise((resolve) => (answer = resolve));
  const request = locks.request(name, { ifAvailable: true }, (lock) => {
    answer(lock);
    return lock && new Promise((resolve) => (free = resolve));
  });
  const end = () => life.abort(); // another tab has it, or Go has had it
  const lost = () => (free ? end() : answer(null)); // stolen; or refused, and then this tab is by itself
  request.then(end, lost);
  /** @type {(options: LockOptions, keep: LockGrantedCallback<any>) => Promise<any>} */
  const hand = async (options, keep) => {
    if (handing) {
      return; // Go grows impatient and wants to steal what it is about to get
    }
    handing = true;
    await new Promise((/** @type {(_: void) => void} */ resolve) => later(scope, resolve)); // what Go does with it is a task of its own
    const lock = await answered;
    asked.delete(name);
    if (!lock) {
      return locks.request(name, options, keep);
    }
    free?.(keep(lock));
    return request;
  };
  asked.set(name, hand);
  life.signal.addEventListener("abort", () => {
    if (!handing) {
      asked.delete(name);
      answered.then(() => free?.(0));
    }
  });
}

/**
 * @param {Full} host
 * @param {Page} page
 * @param {any} scope
 * @param {string} url
 * @param {AbortController} life
 */
function connect(host, page, scope, url, life) {
  const { signal } = life;
  const { WebSocket, Event, MessageEvent, CloseEvent, setTimeout, clearTimeout, Date } = scope;
  /** @type {globalThis.WebSocket} */
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  /** @type {unknown[]} */
  const frames = [];
  let size = 0;
  const { hear, over } = greeter(host, page, scope, signal);
  let taken = false;
  /** @type {CloseEvent | undefined} */
  let closed;
  let beaten = Date.now();
  let timer = 0;
  const wait = () => {
    timer = setTimeout(beat, heartbeatEvery);
  };
  const beat = () => {
    if (socket.readyState === 1) {
      beaten = Date.now();
      socket.send(heartbeat(new Date()));
    }
    wait();
  };
  const keep = (/** @type {MessageEvent} */ event) => {
    const { data } = event;
    event.stopImmediatePropagation();
    frames.push(data);
    size += 100 + (data.length ?? data.byteLength); // an empty one is not for nothing
    if (size > atMost) {
      life.abort();
    }
    hear(data); // it knows when it is over
  };
  const close = (/** @type {CloseEvent} */ event) => {
    event.stopImmediatePropagation();
    closed = event;
    clearTimeout(timer);
    frames.length || life.abort();
  };
  coming.add(over);
  sockets.set(url, () => {
    // Of a socket that is lost, Go takes what came on it: it resumes the session that was named.
    if (socket.readyState > 1 && !frames.length) {
      return;
    }
    taken = true;
    life.abort();
    clearTimeout(timer);
    if (socket.readyState === 1 && Date.now() - beaten > heartbeatEvery / 3) {
      socket.send(heartbeat(new Date()));
    }
    const missed = socket.readyState ? [new Event("open")] : [];
    // Go listens by then. What it has missed comes in order, before anything new, and in a task of its own.
    setTimeout(() => {
      socket.removeEventListener("message", keep);
      socket.removeEventListener("close", close);
      missed.push(...frames.map((data) => new MessageEvent("message", { data })));
      if (closed) {
        missed.push(new CloseEvent("close", closed));
      }
      missed.forEach((event) => socket.dispatchEvent(event));
    });
    return socket;
  });
  socket.addEventListener("message", keep);
  socket.addEventListener("close", close);
  signal.addEventListener("abort", () => {
    sockets.delete(url);
    clearTimeout(timer);
    if (!taken) {
      socket.close();
    }
  });
  wait();
}

/**
 * Go's class WebSocket, whose first object to an address is the one that went ahead.
 * @param {any} scope
 */
export const following = (scope) => {
  const { WebSocket } = scope;
  return function (/** @type {string} */ url, /** @type {string[]} */ protocols) {
    const socket = sockets.get(url)?.() || new WebSocket(url, protocols);
    gather(socket, scope);
    return socket;
  };
};

/** Go's LockManager, which has what was asked for ahead; undefined where the browser has none. */
export const locks = (/** @type {any} */ { navigator: { locks } }) =>
  locks && {
    request: (/** @type {string} */ name, /** @type {LockOptions} */ options, /** @type {LockGrantedCallback<any>} */ keep) => asked.get(name)?.(options, keep) ?? locks.request(name, options, keep),
  };

/**
 * Lets a greeting that is on its way be seen first.
 * @param {any} scope
 * @returns {Promise<void>}
 */
export async function afterGreeting({ setTimeout }) {
  if (coming.size) {
    try {
      await Promise.race([Promise.all(coming), new Promise((resolve) => setTimeout(resolve, courtesy))]);
    } catch {} // a page that forbids timers
    coming.clear();
  }
}

/** As Go's protocol.AppendHeartbeat. @param {Date} now */
function heartbeat(now) {
  const east = -now.getTimezoneOffset();
  const two = (/** @type {number} */ n) => String(Math.floor(n)).padStart(2, "0");
  const tz = (east < 0 ? "-" : "+") + two(Math.abs(east) / 60) + ":" + two(Math.abs(east) % 60);
  return JSON.stringify({ type: "heartbeat", message: { stamp: now.toISOString().slice(0, 19), tz } });
}
