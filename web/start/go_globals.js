// @ts-check
/**
 * The object that Go takes for the page's global object. It reads from window and keeps what is written to it, so that
 * nothing of Go's glue (Go, fs) gets onto the page, where scripts distinguish Node from browsers by such names.
 */

/** @typedef {Record<string, any>} NativeGlobals see loader/native_globals.js */

/**
 * @param {NativeGlobals} natives what window had when the loader ran
 * @returns {any}
 */
export function newGoGlobals(natives) {
  /** @type {Record<PropertyKey, any>} */
  const own = Object.create(null);
  const bound = new Map();
  const goGlobals = new Proxy(own, {
    get(_, key) {
      if (key in own) {
        return own[key];
      }
      const value = nativeGlobal(natives, key);
      // Functions like fetch and addEventListener, and what a page wraps around them, need window as their this.
      // Classes do not.
      if (typeof value !== "function" || !/^[a-z]/.test(String(key))) {
        return value;
      }
      if (bound.get(key)?.from !== value) {
        bound.set(key, { from: value, to: value.bind(window) });
      }
      return bound.get(key).to;
    },
    has: (_, key) => key in own || key in window,
  });
  own.console = safeConsole(nativeGlobal(natives, "console"));
  own.window = own.self = own.globalThis = goGlobals;
  own.WebSocket = goSocketClass(nativeGlobal(natives, "WebSocket"));
  return goGlobals;
}

/**
 * Returns a global as it was when the loader ran, or, if the loader did not read it, as it is now.
 * @param {NativeGlobals} natives
 * @param {PropertyKey} key
 * @returns {any}
 */
export function nativeGlobal(natives, key) {
  return Object.getOwnPropertyDescriptor(natives, key)?.value ?? /** @type {any} */ (window)[key];
}

/**
 * Calls a function in a task of its own, or at once if the page forbids timers.
 * @param {any} natives
 * @param {() => void} act
 * @param {number} [delay] milliseconds
 */
export function runLater({ setTimeout }, act, delay) {
  try {
    setTimeout(act, delay);
  } catch {
    act();
  }
}

/**
 * Returns a console that does not throw, also if the page has replaced its own.
 * @param {any} console
 */
export function safeConsole(console) {
  /** @type {any} */
  const out = {};
  for (const level of ["debug", "info", "log", "warn", "error"]) {
    /** @type {Function} */
    let print = () => {};
    try {
      print = console[level];
    } catch {}
    out[level] = (/** @type {unknown[]} */ ...args) => {
      try {
        print.apply(console, args);
      } catch {}
    };
  }
  return out;
}

/**
 * Returns Go's class WebSocket. Browsers let scripts close a socket only with 1000 and 3000 to 4999; with another code,
 * close throws and leaves the socket open. coder/websocket closes with 1001, 1008 and others; this class turns them
 * into 3001, 3008 and so on. A socket that is already closing gets the code unchanged, so that close still throws: the
 * library also closes in its error callback, and would then wait for a second close event, which does not come. For the
 * same reason the library does not get an error event after it has closed a socket: it holds a lock while it waits for
 * the close event, the error callback would wait for that lock, and Go would hang. Browsers send such an error when a
 * socket is closed before it was open, or is cut off while it closes.
 * @param {typeof WebSocket} Native
 */
function goSocketClass(Native) {
  return class extends Native {
    /** @param {[string, string[]?]} given */
    constructor(...given) {
      super(...given);
      // Own properties and not methods: if the page has replaced the class by a plain function, super returns another
      // object.
      const { close, send } = this;
      let ended = false;
      // Browsers drop what is sent on a closing socket and log it. Go gets the close event next.
      this.send = (/** @type {any} */ data) => {
        this.readyState > 1 || send.call(this, data);
      };
      this.addEventListener("error", (/** @type {Event} */ event) => ended && event.stopImmediatePropagation());
      this.close = (/** @type {number | undefined} */ code, /** @type {string | undefined} */ reason) => {
        ended = true;
        const forbidden = code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999);
        close.call(this, forbidden && this.readyState < 2 ? 3000 + (code % 1000) : code, reason);
      };
    }
  };
}
