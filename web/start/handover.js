// @ts-check
/** Hands widgets from the facade to Go, and takes them back when Go has died. */
import { afterGreeting, goAhead } from "./ahead.js";
import { failure } from "./compile.js";
import { run } from "./engine.js";
import { complete, tell } from "./skeleton.js";
import { later, native, quiet } from "./scope.js";
import { keyOf, move } from "../loader/stores.js";
import { languageOf, translate } from "./translation.js";

/** @typedef {import("../loader/life.js").Host} Host */
/** @typedef {import("./skeleton.js").Full} Full */
/** @typedef {import("./skeleton.js").Page} Page */

/** Lives that have been begun with. @type {WeakSet<Host>} */
const started = new WeakSet();

/** Widgets that Go has, with what to reject when it loses them. @type {Map<Full, Set<Function>>} */
const mounted = new Map();

/** Elements that have been begun anew by themselves, which is done once. @type {WeakSet<HTMLElement>} */
const revived = new WeakSet();

/** Whether the chat runs in an iframe (frame/page_side.js). @param {Full} host */
const framed = ({ attr }) => attr("frame") !== null;

/**
 * @param {Full} host
 * @param {Page} page
 * @returns {Promise<import("./engine.js").Mount>}
 */
const reach = async (host, page) => {
  const module = await page.download(BUILD.around, BUILD.aroundHash, true).catch((reason) => {
    throw failure("download", reason.message);
  });
  return module.reach(host, page);
};

/** Within so many milliseconds Go asks for the socket that went ahead. */
const soon = 5000;

/**
 * @param {Host} bare
 * @param {Page} page
 */
export function begin(bare, page) {
  if (bare.life.signal.aborted || started.has(bare)) {
    return;
  }
  started.add(bare);
  const host = complete(bare, page);
  if (host.signal.aborted) {
    return; // by a listener of the page's
  }
  if (!framed(host)) {
    preconnect(host.attr("socket-url"));
    goAhead(host, page);
  }
  load(host, page);
}

/**
 * @param {Full} host
 * @param {Page} page
 */
function load(host, page) {
  host.become("loading");
  if (!framed(host)) {
    // The first format of a page takes a tenth of a second on a phone, and every other one nothing (widget/intl_js.go). There is time for it now.
    const format = () => {
      try {
        new Intl.DateTimeFormat(languageOf(host), { hour: "numeric", minute: "2-digit" });
      } catch {} // Go falls back to the browser's language
    };
    afterGreeting(page.natives).then(() => later(page.natives, format));
  }
  const there = framed(host) ? reach(host, page) : Promise.all([run(page, died), translate(host, page)]).then(([mount]) => mount);
  there.then(
    (mount) => host.signal.aborted || take(host, mount, page),
    (reason) => {
      if (host.signal.aborted) {
        return;
      }
      quiet(native(page.natives, "console")).error("plura-chat: " + reason.message);
      host.leave?.(); // the greeting stays
      host.become("failed");
      host.emit("error", { code: reason.code || "internal", message: reason.message });
      tell(host, reason.final ? "unavailable" : "failed", reason.final ? undefined : () => load(host, page));
    },
  );
}

/**
 * Hands a widget to Go.
 * @param {Full} host
 * @param {import("./engine.js").Mount} mount
 * @param {Page} page
 */
function take(host, mount, page) {
  /** @type {Set<Function>} */
  const pending = new Set();
  const { changed, nodes } = host;
  const kept = host.attr("storage");
  mounted.set(host, pending);
  host.fell = (reason) => fell(host, page, reason);
  host.open = !nodes.panel.hidden;
  host.release();
  const handle = mount(host);
  later(page.natives, () => host.leave?.(), soon); // should Go want another socket after all
  if (!handle || !mounted.has(host)) {
    return; // Go has died of it, and the host has fallen
  }
  const destroy = () => {
    mounted.delete(host);
    handle.destroy();
  };
  if (host.signal.aborted) {
    return destroy(); // by a listener of the page's, while Go was at it
  }
  host.signal.addEventListener("abort", destroy);
  host.call = (name, args) =>
    new Promise((resolve, reject) => {
      pending.add(reject);
      const settle = (/** @type {Function} */ act) => (/** @type {unknown} */ value) => {
        pending.delete(reject);
        act(value);
      };
      handle.call(name, args, settle(resolve), settle(reject));
    });
  host.changed = (name) => {
    changed(name);
    if (framed(host)) {
      handle.changed(name);
    } else if (/^(socket-url|session-url|reconnect|storage)$/.test(name)) {
      const fresh = renew(host, page, () => move(keyOf(host.attr), kept, host.attr("storage")));
      if (fresh) {
        begin(fresh, page);
      }
    } else if (name === "lang") {
      // By the time the words are here, the handle may be one of a widget that is gone.
      translate(host, page).then(() => host.signal.aborted || handle.changed(name));
    } else {
      handle.changed(name);
    }
  };
}

/** Go has died, and lost them all. */
const died = (/** @type {string} */ reason) => [...mounted.keys()].forEach((host) => host.fell(reason));

/**
 * Go has lost a widget. The conversation is in its storage; the draft goes from one composer to the next.
 * @param {Full} host
 * @param {Page} page
 * @param {string} reason
 */
function fell(host, page, reason) {
  const pending = mounted.get(host);
  if (!pending) {
    return;
  }
  mounted.delete(host);
  const { element } = host;
  const again = !revived.has(element);
  revived.add(element);
  const fresh = renew(host, page);
  if (fresh) {
    if (again) {
      begin(fresh, page);
    } else {
      started.add(fresh);
      const host = complete(fresh, page);
      host.become("failed");
      host.emit("error", { code: "exit", message: reason });
      tell(host, "stopped", () => load(host, page));
    }
  }
  pending.forEach((reject) => reject(new Error("the chat stopped; what was written is kept")));
}

/**
 * Ends a life and begins the next one, with what the visitor was writing.
 * @param {Full} host
 * @param {Page} page
 * @param {() => void} [between] is called when there is none
 */
function renew({ element, nodes, root }, page, between) {
  const old = nodes.input;
  const focused = root.activeElement === old;
  const { value, selectionStart, selectionEnd } = old;
  page.end(element);
  between?.();
  page.enliven(element);
  const fresh = page.find(element);
  if (fresh) {
    const { input } = fresh.nodes;
    input.value = value;
    if (focused) {
      input.focus({ preventScroll: true });
      input.setSelectionRange(selectionStart, selectionEnd);
    }
  }
  return fresh;
}

/** Begins the handshake with the socket's host, which takes as long as the download. */
function preconnect(/** @type {string | null} */ url) {
  const link = document.createElement("link");
  link.rel = "preconnect";
  link.href = (/^wss:/i.test(url || "") ? String(url) : "wss://wss.plura.ai").replace(/^wss/i, "https");
  document.head.append(link);
  link.remove();
}
