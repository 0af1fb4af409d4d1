// @ts-check
/** Runs Go, one instance for all widgets of the page. */
import { memory } from "../loader/storage.js";
import { compile, failure } from "./compile.js";
import { afterGreeting, beforeDownload } from "./compile_wait.js";
import { goLocks } from "./early_lock.js";
import { earlySocketClass } from "./early_socket.js";
import { newGoGlobals, runLater } from "./go_globals.js";

/** @typedef {import("../loader/element.js").Page} Page */
/** What mount returns. @typedef {{call: Function, changed: (name: string) => void, destroy: () => void}} Handle */
/** What hands a widget to Go. @typedef {(host: import("./host.js").StartedHost) => Handle} Mount */

/** Runs Go's glue and returns a new instance of its class Go. @type {(goGlobals: any) => any} */
let newGo;

/** @type {Promise<Mount> | undefined} */
let running;
/** @type {Promise<WebAssembly.Module> | undefined} */
let compiled;

/** Sets what runs the glue. start.js calls it, which contains the glue. */
export const setGlue = (/** @type {typeof newGo} */ run) => (newGo = run);

/**
 * Starts Go, unless it runs.
 * @param {Page} page
 * @param {(reason: string) => void} onStop is called if Go stops after it was ready
 * @returns {Promise<Mount>}
 */
export function runGo(page, onStop) {
  running ||= start(page, onStop).catch((reason) => {
    running = undefined;
    throw reason;
  });
  return running;
}

/**
 * Compiles and starts Go.
 * @param {Page} page
 * @param {(reason: string) => void} onStop
 * @returns {Promise<Mount>}
 */
async function start(page, onStop) {
  const goGlobals = newGoGlobals(page.nativeGlobals);
  const { console } = goGlobals;
  goGlobals.WebSocket = earlySocketClass(goGlobals);
  compiled ||= beforeDownload(goGlobals)
    .then(() => compile(goGlobals, page, afterGreeting()))
    .catch((reason) => {
      compiled = undefined;
      throw reason;
    });
  const module = await compiled;

  /** @type {string[]} */
  const lastWords = []; // what Go writes from the first line of a crash on
  goGlobals.fs = outputFS(goGlobals, (line) => {
    if (lastWords.length || /^(panic|fatal error|runtime): /.test(line)) {
      lastWords.push(line);
    } else {
      console.warn("plura-chat: " + line);
    }
  });
  const go = newGo(goGlobals);
  // With 200, Go collects garbage at twice the default heap: a chat of some hundred messages stays below it, and a
  // burst causes half as many collections.
  go.env.GOGC = "200";
  // Compilation and the evaluation of the glue are one task, and the program's start is another.
  await new Promise((/** @type {(_: void) => void} */ resolve) => runLater(goGlobals, resolve));
  return runProgram(go, goGlobals, module, (reason, fail) => {
    running = undefined;
    const text = lastWords.join("\n") || reason;
    const [first] = text.split("\n");
    nameFunctions(goGlobals, page, text).then((text) => console.error("plura-chat: Go stopped: " + text));
    fail(failure("exit", first));
    onStop(first);
  });
}

/**
 * Returns a traceback with the names of its functions. The WebAssembly has only their numbers, which begin with "$"
 * (web/build/hollow.go), because a page that needs no name should not download them all.
 * @param {any} goGlobals
 * @param {Page} page
 * @param {string} text
 */
async function nameFunctions({ fetch }, { loaderScript }, text) {
  try {
    const names = await (await fetch(new URL(BUILD.names, loaderScript.src))).json();
    return text.replace(/\$\w+/g, (number) => names[number] ?? number);
  } catch {
    return text; // the numbers are better than nothing
  }
}

/**
 * Milliseconds from a stop of Go until it is reported. Firefox ends a page's running code when the visitor leaves the
 * page, and Go cannot go on after that. The timers of such a page do not run, unless the visitor comes back to it.
 */
const leavingTime = 200;

/**
 * Runs the program. Resolves with its mount when it is ready.
 * @param {any} go an instance of the glue's class Go
 * @param {any} goGlobals
 * @param {WebAssembly.Module} module
 * @param {(reason: string, reject: (reason: Error) => void) => void} onStop is called once, if Go stops; reject rejects
 *   the promise
 * @returns {Promise<Mount>}
 */
function runProgram(go, goGlobals, module, onStop) {
  const { setTimeout, clearTimeout } = goGlobals;
  return new Promise((resolve, reject) => {
    let stopped = false;
    const stop = (/** @type {unknown} */ reason) => {
      if (!stopped) {
        stopped = true;
        // Go's timers would call it again and again until they are removed from this list.
        go._scheduledTimeouts.forEach(clearTimeout);
        go._scheduledTimeouts.clear();
        setTimeout(() => onStop(String(reason), reject), leavingTime);
      }
    };
    const resume = go._resume;
    go._resume = () => {
      if (!stopped) {
        try {
          resume.call(go);
        } catch (trap) {
          stop(trap);
        }
      }
    };
    // In a task of its own: Go is still on the stack.
    go.exit = (/** @type {number} */ code) => setTimeout(() => stop("exit code " + code));
    goGlobals.pluraChat = {
      // The start of Go is one task, and the first widget another.
      ready: (/** @type {Mount} */ mount) => runLater(goGlobals, () => resolve(mount)),
      memory,
      locks: goLocks(goGlobals),
    };
    /** @type {typeof WebAssembly} */ (goGlobals.WebAssembly)
      .instantiate(module, go.importObject)
      .then((instance) => go.run(instance))
      .then(() => stop("it returned"), stop);
  });
}

/**
 * Returns the part of Node's fs with which Go writes its output.
 * @param {any} goGlobals
 * @param {(line: string) => void} print
 */
function outputFS({ TextDecoder }, print) {
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
    write(
      /** @type {number} */ fd,
      /** @type {Uint8Array} */ bytes,
      /** @type {number} */ _offset,
      /** @type {number} */ _length,
      /** @type {null} */ _position,
      /** @type {Function} */ done,
    ) {
      done(null, fs.writeSync(fd, bytes));
    },
    fsync: (/** @type {number} */ _, /** @type {Function} */ done) => done(null),
  };
  return new Proxy(fs, {
    get: (own, name) => /** @type {any} */ (own)[name] || ((/** @type {any[]} */ ...args) => args.pop()(enosys())),
  });
}
