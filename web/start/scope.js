// @ts-check
/**
 * The object that Go takes for the page's global one. It reads through to window and keeps writes to itself, so that nothing of Go's glue
 * (Go, fs, process, path) lands on the page, where scripts tell Node from browsers by such names.
 */

/** @typedef {Record<string, any>} Natives see loader/natives.js */

/**
 * @param {Natives} natives what window held when the page's script ran
 * @returns {any}
 */
export function newScope(natives) {
  /** @type {Record<PropertyKey, any>} */
  const own = Object.create(null);
  const bound = new Map();
  const scope = new Proxy(own, {
    get(_, key) {
      if (key in own) {
        return own[key];
      }
      const value = native(natives, key);
      // Functions like fetch and addEventListener, and what a page wraps around them, insist on window as their this; classes do not.
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
  own.console = quiet(native(natives, "console"));
  own.window = own.self = own.globalThis = scope;
  own.WebSocket = socketOf(native(natives, "WebSocket"));
  return scope;
}

/**
 * What the page had under that name when its script ran, or has now.
 * @param {Natives} natives
 * @param {PropertyKey} key
 * @returns {any}
 */
export function native(natives, key) {
  return Object.getOwnPropertyDescriptor(natives, key)?.value ?? /** @type {any} */ (window)[key];
}

/**
 * Gives the page its turn, where it lets us.
 * @param {any} natives
 * @param {() => void} act
 * @param {number} [delay] milliseconds
 */
export function later({ setTimeout }, act, delay) {
  try {
    setTimeout(act, delay);
  } catch {
    act();
  }
}

/**
 * A console that does not throw, whatever the page has made of its own.
 * @param {any} console
 */
export function quiet(console) {
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
 * Browsers let scripts close a socket with 1000 and 3000 to 4999 only, and throw otherwise, which leaves it open. coder/websocket closes with
 * 1001, 1008 and others; here those become 3001, 3008 and so on. A socket that is already closing gets the code as it is, so that it still
 * throws: the library closes in its error callback too, and then waits for a close that would come after it. For the same reason it does not
 * hear of an error once it has closed: it waits for the close event then, with a lock that the error callback would wait for, and Go would
 * stand still for ever. Browsers send one when a socket is closed before it was open, or is cut off while it closes.
 * @param {typeof WebSocket} Native
 */
function socketOf(Native) {
  return class extends Native {
    /** @param {[string, string[]?]} given */
    constructor(...given) {
      super(...given);
      // Not a method: where the page has put a plain function in the place of the class, this is what that returns.
      const { close, send } = this;
      let ended = false;
      // Browsers drop what is sent on a socket that closes, and print that they do. Go hears of the close next.
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
