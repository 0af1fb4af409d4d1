// @ts-check
/**
 * The module of the attribute debug: one table in the console, for the site owner, of what the documentation says and
 * what was observed. It is printed at the first message of the agent, and again when the conversation has failed or
 * ends. It contains no text and no id. "go run . check" tells more of the flow and of the files' headers.
 */
import { wasmAllowed } from "../start/compile.js";
import { hear } from "./debug_log.js";
import { fileRows } from "./debug_files.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("../loader/element.js").Page} Page */
/** @typedef {"right" | "odd" | "wrong" | "skipped"} Verdict as in web/check/report.go */
/** @typedef {[what: string, documented: string, observed: string, verdict: Verdict]} Row */

/** Returns a text for the console without ids. @param {unknown} text */
const masked = (text) =>
  String(text)
    .replace(/[\da-f]+(-[\da-f]+){2,}/gi, "…")
    .replace(/(the server reports): .*/, "$1 an error")
    .slice(0, 80);

/** Returns the time of an event after another one, as text. @param {number} [later] @param {number} [earlier] */
const after = (later, earlier) => Math.round(/** @type {number} */ (later) - /** @type {number} */ (earlier)) + " ms";

/** Tells whether the page's policy allows WebAssembly. @returns {Row} */
function policyRow() {
  const allowed = wasmAllowed(window);
  return ["page policy", "'wasm-unsafe-eval' is allowed", allowed ? "allowed" : "refused", allowed ? "right" : "wrong"];
}

/** Tells whether the conversation can be stored. @param {string | null} kind the attribute storage @returns {Row} */
function storageRow(kind) {
  const documented = "the conversation is stored in this browser";
  if (kind === "none") {
    return ["storage", documented, 'not wanted (storage="none")', "skipped"];
  }
  try {
    (kind === "session" ? sessionStorage : localStorage).length;
    return ["storage", documented, "available", "right"];
  } catch {
    return ["storage", documented, "refused by the browser", "odd"];
  }
}

/**
 * Returns a function that tells what the page's policy has refused the widget since the call.
 * @param {string} folder the address of the widget's files
 * @param {AbortSignal} signal
 * @returns {() => Row}
 */
function violationsRow(folder, signal) {
  /** @type {Set<string>} */
  const seen = new Set();
  document.addEventListener(
    "securitypolicyviolation",
    ({ blockedURI, sourceFile, effectiveDirective }) => {
      if (blockedURI.startsWith(folder) || sourceFile?.startsWith(folder)) {
        seen.add(effectiveDirective);
      }
    },
    { signal },
  );
  return () => {
    const names = [...seen].join(", ");
    return ["policy violations", "none by the widget", names || "none", names ? "odd" : "right"];
  };
}

/**
 * Listens to the events of an instance, and prints the table.
 * @param {Host} host
 * @param {Page} page
 */
export function extend(host, page) {
  const { attr, element, controller } = host;
  const { signal } = controller;
  const { nativeGlobals } = page;
  const { sent: frames } = hear(nativeGlobals, signal);
  const folder = new URL(".", page.loaderScript.src).href;
  const violations = violationsRow(folder, signal);
  /** When each thing happened first in this conversation. @type {Record<string, number>} */
  let at = {};
  let count = { written: 0, sent: 0, failed: 0, lost: 0 };
  /** Why connections were lost. @type {Set<string>} */
  let reasons = new Set();
  /** For which moments the table was printed. @type {Set<string>} */
  let printed = new Set();

  /** Returns the row of one of the first frames. @returns {Row} */
  const frameRow = (/** @type {string} */ what, /** @type {string} */ documented) => [
    what,
    documented,
    what in at ? (at.connecting ? after(at[what], at.connecting) + " after connecting" : "seen") : "not seen",
    what in at ? "right" : "odd",
  ];

  /** @returns {Row[]} */
  const rows = () => [
    ...fileRows(folder),
    policyRow(),
    violations(),
    storageRow(attr("storage")),
    frameRow("session", "the first frame"),
    frameRow("owner", "the second frame"),
    frameRow("first message", "the third frame"),
    [
      "acknowledgements",
      "a recv for each message",
      `${count.sent} of ${count.written}, ${count.failed} failed`,
      count.failed ? "wrong" : count.sent < count.written ? "odd" : "right",
    ],
    ["heartbeats", "one every 15 s", String(frames.heartbeat ?? 0), "right"],
    ["connections lost", "none", [count.lost, ...reasons].join(", "), count.lost ? "odd" : "right"],
  ];

  /** Prints the table, once for each moment of a conversation. */
  const print = (/** @type {string} */ moment) => {
    if (!printed.has(moment)) {
      printed.add(moment);
      try {
        nativeGlobals.console.table(
          rows().map(([what, documented, observed, verdict]) => ({ what, documented, observed, verdict })),
        );
      } catch {} // the console is the page's
    }
  };

  const note = (/** @type {string} */ what) => (at[what] ??= performance.now());
  /** @type {Record<string, (detail: any) => unknown>} */
  const listeners = {
    status({ state, reason }) {
      note(state);
      if (state === "reconnecting") {
        count.lost++;
        reason && reasons.add(masked(reason));
      } else if (state === "failed") {
        print("failure");
      }
    },
    session: () => note("session"),
    owner: () => note("owner"),
    message({ from }) {
      if (from === "visitor") {
        count.written++;
      } else {
        note("first message");
        print("first message");
      }
    },
    sent: () => count.sent++,
    failed: () => count.failed++,
    error: () => print("failure"),
    reset() {
      print("end");
      at = {};
      count = { written: 0, sent: 0, failed: 0, lost: 0 };
      reasons = new Set();
      printed = new Set();
    },
  };
  for (const [name, act] of Object.entries(listeners)) {
    const listener = (/** @type {any} */ { detail }) => attr("debug") !== null && act(detail);
    element.addEventListener("plura-chat:" + name, listener, { signal });
  }
  signal.addEventListener("abort", () => attr("debug") !== null && print("end"));
}
