// @ts-check
/** Runs Go, one instance for all widgets of the page. */
import { afterGreeting, following, locks } from "./ahead.js";
import { compile, failure } from "./compile.js";
import { later, newScope } from "./scope.js";
import { memory } from "../loader/stores.js";
import { translation } from "./translation.js";

/** @typedef {import("./skeleton.js").Page} Page */
/** What mount returns. @typedef {{call: Function, changed: (name: string) => void, destroy: () => void}} Handle */
/** How Go takes over a widget. @typedef {(host: import("./skeleton.js").Full) => Handle} Mount */

/** Prepares Go's glue and returns an instance of its class Go. @type {(scope: any) => any} */
let prepare;

/** @type {Promise<Mount> | undefined} */
let running;
/** @type {Promise<WebAssembly.Module> | undefined} */
let compiled;

/** Called by start.js, which holds the glue. */
export const equip = (/** @type {typeof prepare} */ how) => (prepare = how);

/**
 * Starts Go, unless it runs already.
 * @param {Page} page
 * @param {(reason: string) => void} died is told if it stops after it has begun to work
 * @returns {Promise<Mount>}
 */
export function run(page, died) {
  running ||= begin(page, died).catch((reason) => {
    running = undefined;
    throw reason;
  });
  return running;
}

/**
 * @param {Page} page
 * @param {(reason: string) => void} died
 * @returns {Promise<Mount>}
 */
async function begin(page, died) {
  const scope = newScope(page.natives);
  const { console, setTimeout, clearTimeout } = scope;
  scope.WebSocket = following(scope);
  compiled ||= afterGreeting(scope)
    .then(() => compile(scope, page))
    .catch((reason) => {
      compiled = undefined;
      throw reason;
    });
  const module = await compiled;

  /** @type {string[]} */
  let last = []; // what Go wrote since it began to die
  scope.fs = output(scope, (line) => {
    if (last.length || /^(panic|fatal error|runtime): /.test(line)) {
      last.push(line);
    } else {
      console.warn("plura-chat: " + line);
    }
  });
  const go = prepare(scope);
  // Collects at twice the heap that Go would: what a chat of some hundred messages needs is below that, and a burst is collected half as often.
  go.env.GOGC = "200";
  // To take in the compiled code and the glue is one task, to run them another.
  await new Promise((/** @type {(_: void) => void} */ resolve) => later(scope, resolve));
  return new Promise((resolve, reject) => {
    let dead = false;
    const die = (/** @type {unknown} */ reason) => {
      if (!dead) {
        dead = true;
        // Its timers would wait for ever for somebody to take them off this list.
        go._scheduledTimeouts.forEach(clearTimeout);
        go._scheduledTimeouts.clear();
        running = undefined;
        const text = last.join("\n") || String(reason);
        console.error("plura-chat: Go stopped: " + text);
        reject(failure("exit", text.split("\n")[0]));
        died(text.split("\n")[0]);
      }
    };
    const resume = go._resume;
    go._resume = () => {
      if (!dead) {
        try {
          resume.call(go);
        } catch (trap) {
          die(trap);
        }
      }
    };
    go.exit = (/** @type {number} */ code) => setTimeout(() => die("exit code " + code)); // not while it is still on the stack
    // Go's own start is one task, and a widget's another.
    scope.pluraChat = { ready: (/** @type {Mount} */ mount) => later(scope, () => resolve(mount)), memory, words: translation, locks: locks(scope) };
    /** @type {typeof WebAssembly} */ (scope.WebAssembly)
      .instantiate(module, go.importObject)
      .then((instance) => go.run(instance))
      .then(() => die("it returned"), die);
  });
}

/**
 * The part of Node's fs that Go writes its output with.
 * @param {any} scope
 * @param {(line: string) => void} print
 */
function output({ TextDecoder }, print) {
  const decoder = new TextDecoder();
  let rest = "";
  const enosys = () => Object.assign(new Error("not implemented"), { code: "ENOSYS" });
  const fs = {
    constants: { O_WRONLY: -1, O_RDWR: -1, O_CREAT: -1, O_TRUNC: -1, O_APPEND: -1, O_EXCL: -1, O_DIRECTORY: -1 },
    writeSync(/** @type {number} */ _, /** @type {Uint8Array} */ bytes) {
      const lines = (rest + decoder.decode(bytes)).split("\n");
      rest = /** @type {string} */ (lines.pop());
      lines.forEach(print);
      return bytes.length;
    },
    write(/** @type {number} */ fd, /** @type {Uint8Array} */ bytes, /** @type {number} */ _offset, /** @type {number} */ _length, /** @type {null} */ _position, /** @type {Function} */ done) {
      done(null, fs.writeSync(fd, bytes));
    },
    fsync: (/** @type {number} */ _, /** @type {Function} */ done) => done(null),
  };
  return new Proxy(fs, {
    get: (own, name) => /** @type {any} */ (own)[name] || ((/** @type {any[]} */ ...args) => args.pop()(enosys())),
  });
}
