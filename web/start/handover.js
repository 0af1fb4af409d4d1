// @ts-check
/** Hands widgets over from the facade to Go, and takes them back when Go has crashed. */
import { keyOf, moveSnapshot } from "../loader/storage.js";
import { failure } from "./compile.js";
import { afterGreeting } from "./compile_wait.js";
import { linkedText } from "./draft_link.js";
import { openEarly } from "./early_socket.js";
import { runGo } from "./engine.js";
import { nativeGlobal, runLater, safeConsole } from "./go_globals.js";
import { addMembers, completeHost } from "./host.js";
import { keepText, restoreText } from "./kept_text.js";
import { showNotice } from "./notice.js";
import { isReplaced } from "./replaced.js";
import { languageTag, translate } from "./translation.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("./host.js").StartedHost} StartedHost */
/** @typedef {import("../loader/element.js").Page} Page */

/** Instances that have been started. @type {WeakSet<Host>} */
const started = new WeakSet();

/** Widgets that Go runs, with what rejects their pending calls. @type {Map<StartedHost, Set<Function>>} */
const mounted = new Map();

/** Elements that have been restarted without an act of the visitor, which happens once. @type {WeakSet<HTMLElement>} */
const restarted = new WeakSet();

/** Reports whether the chat runs in an iframe (frame/page_side.js). @param {StartedHost} host */
const isFramed = ({ attr }) => attr("frame") !== null;

/**
 * Loads the module of the iframe mode, and with it the iframe.
 * @param {StartedHost} host
 * @param {Page} page
 * @returns {Promise<import("./engine.js").Mount>}
 */
const loadIframe = async (host, page) => {
  const module = await page.loadModule(BUILD.around, BUILD.aroundHash, true).catch((reason) => {
    throw failure("download", reason.message);
  });
  return module.loadIframe(host, page);
};

/**
 * Starts an instance, unless it has been started or has ended.
 * @param {Host} bare
 * @param {Page} page
 */
export function start(bare, page) {
  if (bare.controller.signal.aborted || started.has(bare)) {
    return;
  }
  started.add(bare);
  const host = addMembers(bare);
  restoreText(host);
  if (!isFramed(host)) {
    // The handshake begins before the rest of the panel is drawn.
    preconnect(host.attr("socket-url"));
    openEarly(host, page);
  }
  completeHost(host, page);
  // A listener of the page may have ended it.
  if (!host.signal.aborted) {
    load(host, page);
  }
}

/**
 * Loads Go, or the iframe, and hands the widget over.
 * @param {StartedHost} host
 * @param {Page} page
 */
function load(host, page) {
  host.setState("loading");
  if (!isFramed(host)) {
    // The first time format of a page takes a tenth of a second on a phone, and the next ones nothing
    // (widget/intl_js.go). So one is made while Go loads.
    const format = () => {
      try {
        new Intl.DateTimeFormat(languageTag(host), { hour: "numeric", minute: "2-digit" });
      } catch {} // Go falls back to the browser's language
    };
    afterGreeting().then(() => runLater(page.nativeGlobals, format));
  }
  const loaded = isFramed(host)
    ? loadIframe(host, page)
    : Promise.all([runGo(page, goStopped), translate(host, page)]).then(([mount]) => mount);
  loaded.then(
    (mount) => host.signal.aborted || handOver(host, mount, page),
    (reason) => {
      host.signal.aborted || failed(host, page, reason);
    },
  );
}

/**
 * Tells the visitor, the page and the site owner that Go, or the iframe, could not be loaded.
 * @param {StartedHost} host
 * @param {Page} page
 * @param {Error & {code?: string, final?: boolean}} reason
 */
async function failed(host, page, { code, final, message }) {
  safeConsole(nativeGlobal(page.nativeGlobals, "console")).error("plura-chat: " + message);
  host.endEarlySocket?.(); // its greeting stays
  host.setState("failed");
  host.emit("error", { code: code || "internal", message });
  showNotice(host, final ? "unavailable" : "failed", final ? undefined : () => load(host, page));
  const own = String(/plura-chat-start-\w+/.exec(import.meta.url));
  // The policy of a page with an iframe may forbid fetch.
  if (code === "download" && !isFramed(host) && (await isReplaced(page, own)) && host.state === "failed") {
    keepText(host);
    showNotice(host, "updated", () => location.reload());
  }
}

/**
 * Hands a widget over to Go, or to the iframe.
 * @param {StartedHost} host
 * @param {import("./engine.js").Mount} mount
 * @param {Page} page
 */
function handOver(host, mount, page) {
  /** @type {Set<Function>} */
  const pending = new Set();
  mounted.set(host, pending);
  host.crashed = (reason) => crashed(host, page, reason);
  host.open = !host.nodes.panel.hidden;
  host.releasePanel();
  const handle = mount(host);
  runLater(page.nativeGlobals, () => host.endEarlySocket?.(), FACTS.handoverTime); // in case Go dials another address
  if (!handle || !mounted.has(host)) {
    return; // mount has crashed
  }
  const destroy = () => {
    mounted.delete(host);
    handle.destroy();
  };
  if (host.signal.aborted) {
    return destroy(); // a listener of the page has ended it during mount
  }
  host.signal.addEventListener("abort", destroy);
  host.call = (name, args) =>
    new Promise((resolve, reject) => {
      pending.add(reject);
      const settle = (/** @type {Function} */ act) => (/** @type {unknown} */ value) => {
        pending.delete(reject);
        act(value);
      };
      if (name === "draft") {
        args = [linkedText(args[0])];
      }
      handle.call(name, args, settle(resolve), settle(reject));
    });
  passAttributes(host, handle, page);
}

/**
 * Passes changes of attributes to Go. Where Go cannot apply one, the instance is replaced.
 * @param {StartedHost} host
 * @param {import("./engine.js").Handle} handle
 * @param {Page} page
 */
function passAttributes(host, handle, page) {
  const { attributeChanged } = host;
  const storage = host.attr("storage");
  host.attributeChanged = (name) => {
    attributeChanged(name);
    if (isFramed(host)) {
      handle.changed(name);
    } else if (RegExp(`^(${FACTS.restarting})$`).test(name)) {
      const next = replaceInstance(host, page, () => moveSnapshot(keyOf(host.attr), storage, host.attr("storage")));
      if (next) {
        start(next, page);
      }
    } else if (name === "lang") {
      // The widget may have ended by the time the words are loaded.
      translate(host, page).then(() => host.signal.aborted || handle.changed(name));
    } else {
      handle.changed(name);
    }
  };
}

/** Handles a crash of the Go program, in which all widgets are lost. */
const goStopped = (/** @type {string} */ reason) => [...mounted.keys()].forEach((host) => host.crashed(reason));

/**
 * Handles the crash of a widget in Go. The conversation is in the storage; the draft is copied from one composer to the
 * next.
 * @param {StartedHost} host
 * @param {Page} page
 * @param {string} reason
 */
function crashed(host, page, reason) {
  const pending = mounted.get(host);
  if (!pending) {
    return;
  }
  mounted.delete(host);
  const { element } = host;
  const first = !restarted.has(element);
  restarted.add(element);
  const next = replaceInstance(host, page);
  if (next) {
    if (first) {
      start(next, page);
    } else {
      started.add(next);
      const host = addMembers(next);
      restoreText(host);
      completeHost(host, page);
      host.setState("failed");
      host.emit("error", { code: "exit", message: reason });
      showNotice(host, "stopped", () => load(host, page));
    }
  }
  pending.forEach((reject) => reject(new Error("the chat stopped; what was written is kept")));
}

/**
 * Ends an instance and creates the element's next one, with the draft and the focus.
 * @param {StartedHost} host
 * @param {Page} page
 * @param {() => void} [between] is called when the element has no instance
 */
function replaceInstance({ element, nodes, root }, page, between) {
  const old = nodes.input;
  const focused = root.activeElement === old;
  const { value, selectionStart, selectionEnd } = old;
  page.unmount(element);
  between?.();
  page.mount(element);
  const next = page.findInstance(element);
  if (next) {
    const { input } = next.nodes;
    input.value = value;
    if (focused) {
      input.focus({ preventScroll: true });
      input.setSelectionRange(selectionStart, selectionEnd);
    }
  }
  return next;
}

/** Begins the handshake with the socket's host, which takes as long as the download. */
function preconnect(/** @type {string | null} */ url) {
  const link = document.createElement("link");
  link.rel = "preconnect";
  link.href = (/^wss:/i.test(url || "") ? String(url) : FACTS.socketURL).replace(/^wss/i, "https");
  document.head.append(link);
  link.remove();
}
