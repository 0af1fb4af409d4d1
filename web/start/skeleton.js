// @ts-check
/** Completes the facade: names, roles, the parts that begin empty, and what the visitor can do before Go is there. */
import { opener } from "./opener.js";
import { later } from "./scope.js";
import { keyOf } from "../loader/stores.js";
import { shield } from "./shield.js";
import { expected, languageOf, translate, translation } from "./translation.js";

/** @typedef {import("../loader/life.js").Host} Host */
/** @typedef {typeof import("../loader/element.js").page} Page */

/**
 * What Go's mount gets: the loader's host, and this.
 * @typedef {Host & {
 *   root: ShadowRoot,
 *   signal: AbortSignal,
 *   emit: (name: string, detail?: object) => void,
 *   emitAll: (json: string) => void,
 *   own: (address: string) => boolean,
 *   open: boolean,
 *   state: string,
 *   unread: number,
 *   script: string,
 *   version: string,
 *   fell: (reason: string) => void,
 *   become: (state: string) => void,
 *   release: () => void,
 *   turned?: (open: boolean) => void,
 *   leave?: () => void,
 *   owner?: string,
 *   watcher?: any,
 * }} Full
 */

/** What a translation replaces, once it is there. */
const english = {
  heading: "Chat with us",
  placeholder: "Write a message…",
  message: "Message",
  send: "Send message",
  close: "Close chat",
  conversation: "Conversation",
  today: "Today",
  failed: "The chat could not be loaded.",
  retry: "Try again",
  stopped: "The chat stopped unexpectedly. Your conversation is safe.",
  restart: "Restart chat",
  unavailable: "Chat is not available here.",
  notSent: "Not sent",
};

/** For what start.js draws, and Go after it. Parsed while Go is on its way. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(WIDGET_CSS);

/** @param {Element} node @param {Record<string, string>} attributes */
const set = (node, attributes) => Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));

/**
 * @param {Host} bare
 * @param {Page} page
 * @returns {Full}
 */
export function complete(bare, page) {
  const host = /** @type {Full} */ (bare);
  const { nodes, life, changed, dress } = host;
  const element = /** @type {HTMLElement & {around?: string}} */ (host.element);
  const facade = new AbortController();
  Object.assign(host, {
    root: element.shadowRoot,
    signal: life.signal,
    emit: (/** @type {string} */ name, /** @type {object} */ detail) =>
      element.dispatchEvent(new CustomEvent("plura-chat:" + name, { detail, bubbles: true, composed: true })),
    /** Go's events, each with its name and detail. A text that crosses from there costs more than all events in it. */
    emitAll(/** @type {string} */ json) {
      for (const [name, detail] of JSON.parse(json)) {
        host.signal.aborted || host.emit(name, detail); // a listener may have ended it
      }
    },
    /** Whether an address leads to this page's host, or that of the page around a frame (frame/frame_side.js). Cookies tell no ports apart. */
    own(/** @type {string} */ address) {
      const name = (/** @type {string} */ url) => new URL(url).hostname.replace(/\.$/, "");
      try {
        return [location.href, element.around || location.href].some((url) => name(url) === name(address));
      } catch {
        return true;
      }
    },
    open: !nodes.panel.hidden,
    state: "idle",
    unread: 0,
    script: page.script.src,
    version: BUILD.version,
    become(/** @type {string} */ state) {
      nodes.panel.dataset.state = host.state = state;
      progress(host);
      host.emit("status", { state });
    },
    changed(/** @type {string} */ name) {
      if (name === "open") {
        remember(host);
        back(host);
      }
      changed(name);
    },
    dress() {
      dress();
      label(host);
    },
    release() {
      facade.abort();
      nodes.notice?.remove();
      nodes.close.onclick = host.trigger = null;
      host.dress = () => {};
    },
  });
  live(page);
  host.wear(sheet);
  draw(host);
  label(host);
  shield(host);
  // A page that wants the chat in a frame lets nothing be fetched.
  if (host.attr("frame") === null && expected(languageOf(host))) {
    translate(host, page).then(() => facade.signal.aborted || label(host));
  }
  listen(host, facade.signal);
  if (host.open && inert(element)) {
    nodes.panel.hidden = true;
    element.removeAttribute("open");
    host.open = false;
    /** @type {any} */ (element).open();
  }
  if (host.open && host.attr("mode") !== "inline") {
    remember(host);
    back(host);
    host.emit("open");
  }
  return host;
}

/** Adds what nobody misses in the first moment. @param {Full} host */
function draw({ attr, nodes, make }) {
  const { panel, header, log, input } = nodes;
  nodes.heading?.remove(); // where the loader had failed before
  const heading = make("b", "heading");
  const avatar = make("figure", "avatar");
  set(panel, { role: "dialog", "aria-labelledby": "heading" });
  set(heading, { id: "heading", role: "heading", "aria-level": "2" });
  set(avatar, { "aria-hidden": "true" });
  set(log, { role: "log", tabindex: "0" });
  set(input, { rows: "1" });
  const subheading = make("p", "subheading", attr("subheading") || "");
  const who = document.createElement("div");
  who.className = "who";
  who.append(heading, subheading);
  header.prepend(avatar, who);
  const status = make("div", "status");
  set(status, { role: "status" });
  log.before(status);
  if (attr("mode") === "inline") {
    nodes.launcher.remove();
    nodes.launcher = nodes.badge = null;
    nodes.close.hidden = true;
  } else {
    const badge = make("span", "badge");
    badge.hidden = true;
    badge.setAttribute("aria-hidden", "true"); // in words, it is in the launcher's name
    panel.after(badge); // not in the launcher: what a button shows belongs to its name
  }
}

/** @param {Full} host */
function label(host) {
  const { attr, nodes } = host;
  if (expected(languageOf(host)) && !translation(languageOf(host))) {
    return; // rather nothing for a moment than another language
  }
  const word = wordsFor(host);
  nodes.heading.textContent = host.owner || attr("heading") || word.heading;
  nodes.input.placeholder = attr("placeholder") || word.placeholder;
  set(nodes.input, { "aria-label": word.message });
  set(nodes.send, { "aria-label": word.send });
  set(nodes.close, { "aria-label": word.close });
  set(nodes.log, { "aria-label": word.conversation });
}

/**
 * What the visitor and the page can do with the facade.
 * @param {Full} host
 * @param {AbortSignal} signal
 */
function listen(host, signal) {
  const { nodes, show, make } = host;
  const { panel, input, log, send, close } = nodes;

  const turn = (/** @type {boolean} */ open) => {
    const was = !panel.hidden;
    show(open);
    host.open = !panel.hidden;
    if (host.open !== was) {
      host.emit(open ? "open" : "close");
      host.turned?.(open);
    }
    (open ? input : opener(host))?.focus({ preventScroll: true });
  };
  const row = (/** @type {string} */ text) => {
    const row = make("div", "message", make("div", "bubble", text));
    row.className = "row provisional";
    set(row, { "data-from": "visitor" });
    log.append(row);
    progress(host);
    log.scrollTop = log.scrollHeight;
  };
  const say = () => {
    const text = input.value.trim();
    if (text && !text[4e3]) {
      input.value = "";
      /** @type {Promise<unknown>} */ (host.call("send", [text])).catch(() => {}); // Go tells the visitor
    }
  };

  host.call = (name, args) => {
    if (/^(open|close|toggle)$/.test(name)) {
      return turn(name === "toggle" ? panel.hidden : name === "open");
    }
    return new Promise((resolve, reject) => {
      const wanted = { name, args, resolve, reject };
      if (showable(wanted)) {
        host.queue.push(wanted);
      }
    });
  };
  /** Draws what is to be sent. What cannot be made a text is refused. */
  const showable = (/** @type {Host["queue"][number]} */ wanted) => {
    if (wanted.name === "send") {
      try {
        wanted.args = [String(wanted.args[0])];
      } catch (reason) {
        wanted.reject(reason);
        return false;
      }
      row(/** @type {string} */ (wanted.args[0]));
    }
    return true;
  };
  log.replaceChildren();
  host.queue = host.queue.filter(showable);

  close.onclick = () => turn(false);
  send.onclick = null;
  send.addEventListener("click", say, { signal });
  panel.addEventListener(
    "keydown",
    (/** @type {KeyboardEvent} */ event) => {
      // The Enter and Escape of an input method belong to it; 229 is how Safari says so.
      if (event.isComposing || event.keyCode === 229) {
        return;
      }
      if (event.key === "Escape") {
        if (host.attr("mode") !== "inline") {
          event.stopPropagation(); // a dialog of the page behind is not meant
        }
        turn(false);
      } else if (event.key === "Enter" && !event.shiftKey && event.target === input) {
        event.preventDefault();
        say();
      }
    },
    { signal },
  );
}

/** Shows what became of the messages that wait for Go. @param {Full} host */
export function progress(host) {
  const failed = host.state === "failed";
  for (const row of host.nodes.log.querySelectorAll(".provisional")) {
    row.dataset.state = failed ? "failed" : "sending";
    row.querySelector(".meta")?.remove();
    if (failed) {
      const meta = document.createElement("div");
      meta.className = "meta wrong";
      meta.textContent = wordsFor(host).notSent;
      row.append(meta);
    }
  }
}

/** Keeps for this tab whether the panel is open. @param {Full} host */
function remember({ element, attr }) {
  if (attr("storage") === "none") {
    return;
  }
  try {
    sessionStorage.setItem(keyOf(attr) + ":open", element.hasAttribute("open") ? "1" : "");
  } catch {} // forbidden or full
}

/** Lets the Back of a phone close the panel, where the browser can tell. @param {Full} host */
function back(host) {
  const { CloseWatcher } = /** @type {any} */ (window);
  host.watcher?.destroy();
  if (CloseWatcher && host.attr("open") !== null && matchMedia("(max-width:479px),(max-height:479px),(pointer:coarse)").matches) {
    host.watcher = new CloseWatcher({ signal: host.signal });
    host.watcher.onclose = () => host.call("close", []);
  }
}

/** @param {Full} host @returns {typeof english} */
export function wordsFor(host) {
  const word = { ...english };
  for (const json of [translation(languageOf(host)), host.attr("strings")]) {
    try {
      const given = JSON.parse(json || "{}");
      for (const key of /** @type {(keyof typeof english)[]} */ (Object.keys(english))) {
        if (typeof given[key] === "string") {
          word[key] = given[key];
        }
      }
    } catch {} // Go warns
  }
  return word;
}

/** Whether a dialog of the page keeps everything from the visitor that is not in it. @param {HTMLElement} element */
function inert(element) {
  const modal = ":is(dialog:modal)"; // which old browsers take for nothing
  return document.querySelector(modal) && document.contains(element) && !element.closest(modal);
}

let lived = false;

/**
 * Makes state and unread of window.PluraChat and the elements follow their widgets. And what would open one waits for a dialog that would leave it
 * without function to close.
 * @param {Page} page
 */
function live({ api, find, natives }) {
  if (lived) {
    return;
  }
  lived = true;
  const { prototype } = /** @type {any} */ (customElements.get("plura-chat"));
  const members = Object.getPrototypeOf(api);
  for (const name of ["open", "toggle"]) {
    const act = members[name];
    /** @this {any} @param {unknown[]} args */
    members[name] = async function (...args) {
      let host;
      while ((host = find(this)) && inert(host.element)) {
        await new Promise((/** @type {(_: void) => void} */ resolve) => later(natives, resolve, 200));
      }
      return act.apply(this, args);
    };
  }
  prototype.toggle = members.toggle; // open is there by a getter
  for (const target of [api, prototype]) {
    for (const [name, rest] of Object.entries({ state: "idle", unread: 0 })) {
      const descriptor = {
        __proto__: null, // a page may have put a value on Object.prototype, which contradicts get
        configurable: true,
        enumerable: true,
        get() {
          return /** @type {any} */ (find(this))?.[name] ?? rest;
        },
      };
      Object.defineProperty(target, name, descriptor);
    }
  }
}

/**
 * Shows a notice above the composer.
 * @param {Full} host
 * @param {"failed" | "stopped" | "unavailable"} what
 * @param {() => void} [again] what its button does
 */
export function tell(host, what, again) {
  const { nodes, make } = host;
  const word = wordsFor(host);
  nodes.notice?.remove();
  const text = document.createElement("p");
  text.textContent = word[what];
  const notice = make("div", "notice", text);
  set(notice, { role: "alert" });
  if (again) {
    const button = make("button", "retry", what === "stopped" ? word.restart : word.retry);
    button.onclick = () => {
      notice.remove();
      again();
    };
    notice.append(button);
  }
  nodes.composer.before(notice);
  // Nothing that is written would get anywhere; the keyboard is not left nowhere.
  if (what === "unavailable") {
    host.root.activeElement === nodes.input && nodes.close.focus();
    nodes.composer.hidden = true;
  }
}
