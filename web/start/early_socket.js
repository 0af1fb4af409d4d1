// @ts-check
/**
 * Opens the socket of a first conversation before Go runs, records what it receives, and shows the first message. On a
 * slow line the WebAssembly takes seconds to load, and a handshake takes four round trips; here both happen at once,
 * and a visitor who opens the chat sees the greeting before Go runs. Where it is not certain which address Go will
 * dial, Go opens the socket.
 */
import { joinBursts } from "./burst.js";
import { wasmAllowed } from "./compile.js";
import { beginWait, isSlowLine, waitForGreeting } from "./compile_wait.js";
import { requestLock } from "./early_lock.js";
import { heartbeats, maxRecorded, newAddress } from "./early_protocol.js";
import { newGoGlobals } from "./go_globals.js";
import { receiveGreeting } from "./greeting.js";
import { hasConversation, keyOf, storageOf } from "../loader/storage.js";

/** @typedef {import("./host.js").StartedHost} StartedHost */
/** @typedef {import("../loader/element.js").Page} Page */

/** What hands over the early socket, by its address. @type {Map<string, () => WebSocket | undefined>} */
const sockets = new Map();

/**
 * Requests the lock and opens the socket for a widget that is to run Go, now if its panel is open, or when it opens.
 * @param {StartedHost} host
 * @param {Page} page
 */
export function openEarly(host, page) {
  let goGlobals;
  try {
    goGlobals = newGoGlobals(page.nativeGlobals);
  } catch {
    return; // the page has no WebSocket: Go reports it
  }
  const controller = new AbortController();
  const { signal } = controller;
  host.endEarlySocket = () => controller.abort();
  host.signal.addEventListener("abort", host.endEarlySocket, { signal });
  addEventListener("pagehide", host.endEarlySocket, { signal });
  // A host that is referenced longer does not keep the socket in memory.
  signal.addEventListener("abort", () => {
    host.endEarlySocket = host.panelToggled = undefined;
  });
  const lock = () => {
    try {
      (host.attr("storage") ?? "local") === "local" && requestLock(goGlobals, keyOf(host.attr), controller);
    } catch {} // an old browser, or a page that is not secure or forbids locks
  };
  host.panelToggled = (open) => {
    const url = !signal.aborted && earlyAddress(host, goGlobals);
    if (!open) {
      leave(host); // for good: a visitor who opens and closes the panel does not begin a conversation each time
    } else if (url && !sockets.has(url)) {
      try {
        connect(host, page, goGlobals, url, controller);
      } catch {
        controller.abort(); // Go will meet the same error
      }
    }
  };
  if (
    !host.open &&
    host.attr("load") !== "eager" &&
    (isSlowLine() || (host.attr("load") !== "idle" && earlyAddress(host, goGlobals)))
  ) {
    holdUntilUsed(host, signal, lock);
    return;
  }
  lock();
  if (host.open) {
    host.panelToggled(true);
  }
  release();
}

/** What ends the waits for a use of the chat. @type {Set<() => void>} */
const holds = new Set();

/** Ends these waits: Go is needed, by whichever widget of the page. */
const release = () => {
  holds.forEach((end) => end());
  holds.clear();
};

/**
 * Delays the compilation until the visitor opens the panel or the page uses the chat. Otherwise it would delay the
 * click for which the visitor has just reached the launcher.
 * @param {StartedHost} host
 * @param {AbortSignal} signal
 * @param {() => void} lock requests the lock. A tab that only holds it would make the other tabs wait
 */
function holdUntilUsed(host, signal, lock) {
  const { panelToggled, attributeChanged } = host;
  holds.add(beginWait());
  signal.addEventListener("abort", release);
  host.panelToggled = (open) => {
    open && lock();
    panelToggled?.(open); // which begins to wait for the greeting
    release();
  };
  host.attributeChanged = (name) => {
    release();
    attributeChanged(name);
  };
  host.callQueued = release;
}

/**
 * Ends the early socket, and removes its greeting, when the visitor closes the panel.
 * @param {StartedHost} host
 */
function leave(host) {
  host.endEarlySocket?.();
  host.nodes.greeting?.remove();
  host.nodes.greeting = null;
}

/**
 * Returns the address that Go will dial for a widget whose panel is open; empty if that is not certain.
 * @param {StartedHost} host
 * @param {any} goGlobals
 */
function earlyAddress({ attr, queue }, goGlobals) {
  const storage = attr("storage") ?? "local";
  if (
    !/^(local|session|none)$/.test(storage) ||
    /inline/i.test(attr("mode") ?? "") || // an inline panel is open without an act of the visitor
    ["session", "flow-instance", "record", "prechat", "frame"].some((name) => attr(name) !== null) ||
    !queue.every(([name]) => name === "send") || // identify or reset is first
    !goGlobals.navigator.onLine ||
    document.hidden ||
    !wasmAllowed(goGlobals)
  ) {
    return "";
  }
  try {
    // The session of the vendor's sample page may be a conversation, too.
    if (hasConversation(storageOf(storage).getItem(keyOf(attr))) || localStorage.getItem(FACTS.vendorKey)) {
      return "";
    }
  } catch {
    return ""; // forbidden
  }
  return newAddress(attr("socket-url"), attr("flow-id"), attr("reconnect"));
}

/**
 * Opens the socket, and hands it over when Go dials its address.
 * @param {StartedHost} host
 * @param {Page} page
 * @param {any} goGlobals
 * @param {string} url
 * @param {AbortController} controller
 */
function connect(host, page, goGlobals, url, controller) {
  const { signal } = controller;
  /** @type {WebSocket} */
  const socket = new goGlobals.WebSocket(url);
  socket.binaryType = "arraybuffer";
  const greeting = receiveGreeting(host, page, goGlobals, signal);
  const wait = waitForGreeting(goGlobals);
  greeting.done.then(wait.end);
  socket.addEventListener("open", wait.step, { signal });
  const heartbeat = heartbeats(socket, goGlobals);
  socket.addEventListener("close", heartbeat.stop, { signal }); // before record, which hides the event
  const recording = record(socket, goGlobals, controller, (data) => {
    wait.step();
    greeting.receive(data);
  });
  let handedOver = false;
  sockets.set(url, () => {
    // Go also gets a closed socket if it has received frames: Go resumes the session that they name.
    if (socket.readyState > 1 && !recording.frames.length) {
      return;
    }
    handedOver = true;
    controller.abort();
    heartbeat.sendIfDue();
    recording.replay();
    return socket;
  });
  signal.addEventListener("abort", () => {
    sockets.delete(url);
    heartbeat.stop();
    if (!handedOver) {
      socket.close();
    }
  });
  heartbeat.start();
}

/**
 * Records what a socket receives, and hides it from other listeners, until it is replayed for Go.
 * @param {WebSocket} socket
 * @param {any} goGlobals
 * @param {AbortController} controller aborted if there is too much, or nothing before the close
 * @param {(data: unknown) => void} receive gets the data of each frame
 */
function record(socket, { Event, MessageEvent, CloseEvent, setTimeout }, controller, receive) {
  /** @type {unknown[]} */
  const frames = [];
  let size = 0;
  /** @type {CloseEvent | undefined} */
  let closed;
  const onMessage = (/** @type {MessageEvent} */ event) => {
    const { data } = event;
    event.stopImmediatePropagation();
    frames.push(data);
    size += 100 + (data.length ?? data.byteLength); // an empty frame needs memory too
    if (size > maxRecorded) {
      controller.abort();
    }
    receive(data); // which ignores it after the abort
  };
  const onClose = (/** @type {CloseEvent} */ event) => {
    event.stopImmediatePropagation();
    closed = event;
    frames.length || controller.abort();
  };
  socket.addEventListener("message", onMessage);
  socket.addEventListener("close", onClose);
  return {
    frames,
    /** Dispatches the recorded events in their order, in a task of its own: Go has its listeners by then. */
    replay() {
      const events = socket.readyState ? [new Event("open")] : [];
      setTimeout(() => {
        socket.removeEventListener("message", onMessage);
        socket.removeEventListener("close", onClose);
        events.push(...frames.map((data) => new MessageEvent("message", { data })));
        if (closed) {
          events.push(new CloseEvent("close", closed));
        }
        events.forEach((event) => socket.dispatchEvent(event));
      });
    },
  };
}

/**
 * Returns Go's class WebSocket, whose first object for an address is the early socket.
 * @param {any} goGlobals
 */
export const earlySocketClass = (goGlobals) => {
  const { WebSocket } = goGlobals;
  return function (/** @type {string} */ url, /** @type {string[]} */ protocols) {
    const socket = sockets.get(url)?.() || new WebSocket(url, protocols);
    joinBursts(socket, goGlobals);
    return socket;
  };
};
