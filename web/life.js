// @ts-check
/** One life of a widget: from the drawing of its launcher until it is destroyed, taken away, or loses Go. */
import { address, start } from "./download.js";
import { button, cross, draw, icon, make, picture } from "./facade.js";
import { error, setTimeout } from "./natives.js";
import { direction, language, words } from "./words.js";

/**
 * What the loader hands to Go's mount. Go owns the nodes from then on, and writes state and unread.
 * @typedef {object} Host
 * @property {HTMLElement} element
 * @property {ShadowRoot} root
 * @property {import("./facade.js").Nodes} nodes
 * @property {(name: string) => string | null} attr
 * @property {(name: string, detail?: object) => void} emit
 * @property {AbortSignal} signal aborted at the end of this life
 * @property {boolean} open whether the panel is open
 * @property {{name: string, args: unknown[], resolve: Function, reject: Function}[]} queue calls made before Go was there
 * @property {string} state
 * @property {number} unread
 * @property {string} script URL of plura-chat.js
 * @property {string} version
 */

/** What Go's mount returns. @typedef {{call: Function, changed: (name: string) => void, destroy: () => void}} Handle */
/** What a life that lost Go leaves to the next. @typedef {{open: boolean, draft: string, reason: string}} Legacy */
/**
 * @typedef {object} Life
 * @property {Host} host
 * @property {(name: string, args: unknown[]) => Promise<unknown>} call
 * @property {(name: string) => void} changed
 * @property {(reason: string) => void} fell
 * @property {() => void} end
 */

const accent = "--plura-accent";

/** The first failure on a page is met by trying again without being asked. */
let patient = true;

const sheet = new CSSStyleSheet();
sheet.replaceSync(CORE_CSS);

/**
 * Reads from, or with a value writes to, localStorage or sessionStorage, which may be forbidden, full or absent.
 * @param {string} kind "local" or "session"
 * @param {string} key
 * @param {string} [value]
 */
const storage = (kind, key, value) => {
  try {
    const area = /** @type {any} */ (window)[kind + "Storage"];
    return value == null ? area[key] : (area[key] = value);
  } catch {}
};

/**
 * @param {HTMLElement} element
 * @param {Legacy | undefined} from
 * @param {(legacy?: Legacy) => void} over asks for the end of this life; with a legacy, for another one after it
 * @returns {Life | undefined}
 */
export const begin = (element, from, over) => {
  const attr = (/** @type {string} */ name) => element.getAttribute(name);
  const flow = attr("flow-id") + "";
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(flow)) {
    return error(`plura-chat: flow-id="${flow}" must be a UUID, 8-4-4-4-12 hexadecimal digits`);
  }

  const key = "plura-chat:" + flow.toLowerCase();
  const tab = key + ":open";
  const kept = attr("storage") || "local";
  const inline = attr("mode") == "inline";
  const root = /** @type {ShadowRoot} */ (element.shadowRoot);
  const nodes = draw(inline);
  const { frame, launcher, panel, input, log } = nodes;
  const life = new AbortController();
  const facade = new AbortController(); // Go takes over from it
  const opened = () => (attr("open") ?? "false") != "false";
  /** @type {Handle | undefined} */
  let handle;
  /** @type {Record<string, string>} */
  let word;
  /** @type {HTMLElement | undefined} */
  let teaser;

  /** @type {Host} */
  const host = {
    element,
    root,
    nodes,
    attr,
    emit: (name, detail = {}) => element.dispatchEvent(new CustomEvent("plura-chat:" + name, { detail, bubbles: true, composed: true })),
    signal: life.signal,
    open: inline,
    queue: [],
    state: "idle",
    unread: 0,
    script: address,
    version: BUILD.version,
  };

  /** The page's own buttons that open the chat. @returns {HTMLElement[]} */
  const buttons = () => {
    try {
      return [...document.querySelectorAll(/** @type {any} */ (attr("launcher")))];
    } catch {
      return []; // not a selector: Go warns
    }
  };

  const state = (/** @type {string} */ state) => {
    host.state = state;
    host.emit("status", { state });
  };

  const load = () => {
    if (/idle|failed/.test(host.state)) {
      state("loading");
      log.querySelector("[part=notice]")?.remove();
      start()
        .then((mount) => {
          if (!life.signal.aborted) {
            facade.abort();
            handle = mount(host);
          }
        })
        .catch(fail);
    }
  };

  const fail = (/** @type {any} */ reason) => {
    if (life.signal.aborted) {
      return;
    }
    error("plura-chat: " + reason.message);
    state("failed");
    host.emit("error", { code: reason.code || "download", message: reason.message });
    if (patient && !reason.final) {
      patient = false;
      setTimeout(load, 2000);
    } else {
      const notice = make("div", { part: "notice", role: "alert" }, word.failed);
      if (!reason.final) {
        const retry = button("retry", word.retry);
        retry.onclick = load;
        notice.append(retry);
      }
      log.append(notice);
    }
  };

  /** Loads because the visitor seems about to ask, unless that would cost somebody money. */
  const warm = () => {
    const { saveData, effectiveType } = /** @type {any} */ (navigator).connection || {};
    saveData || /2g/.test(effectiveType) || load();
  };

  const show = (/** @type {boolean} */ open, focus = false) => {
    if (!inline && open != host.open) {
      host.open = open;
      panel.hidden = !open;
      element.toggleAttribute("open", open);
      label();
      host.emit(open ? "open" : "close");
      if (focus) {
        (open ? input : launcher?.hidden ? buttons()[0] : launcher)?.focus();
      }
    }
    open && load();
  };

  /** @type {Life["call"]} */
  const call = (name, args) =>
    new Promise((resolve, reject) => {
      if (name == "destroy") {
        resolve(over());
      } else if (handle) {
        handle.call(name, args, resolve, reject);
      } else if (/open|close|toggle/.test(name)) {
        resolve(show(name == "toggle" ? !host.open : name == "open", true));
      } else {
        host.queue.push({ name, args, resolve, reject });
        if (name == "send") {
          log.append(
            make("div", { part: "message", class: "row provisional", "data-from": "visitor", "data-state": "sending" }, make("div", { part: "bubble" }, args[0] + "")),
          );
        }
        load();
      }
    });

  const say = () => {
    const text = input.value.trim();
    if (text) {
      input.value = "";
      call("send", [text]).catch(() => 0); // Go tells the visitor
    }
  };

  /** What reaching for the launcher does, ours or the page's. */
  const watch = (/** @type {Node} */ target, /** @type {(node: any) => unknown} */ match, /** @type {AbortController} */ { signal }) =>
    ["pointerover", "focusin", "touchstart", "click"].forEach((type) =>
      target.addEventListener(
        type,
        (event) => {
          if (match(event.target)) {
            type == "click" ? (inline ? load() : call("toggle", [])) : warm();
          }
        },
        { signal, passive: true },
      ),
    );

  /** Tells the launchers what they do now. */
  const label = () => {
    launcher?.setAttribute("aria-label", host.open ? word.close : attr("launcher-label") || word.open);
    launcher?.setAttribute("aria-expanded", host.open + "");
  };

  /** Shows the attributes, as far as the facade knows them. */
  const dress = () => {
    const tag = language(attr("lang"));
    word = words(tag, attr("strings"));
    frame.lang = tag;
    frame.dir = direction(tag);
    nodes.heading.textContent = attr("heading") || word.heading;
    nodes.subheading.textContent = attr("subheading");
    nodes.avatar.replaceChildren(picture(attr("avatar")));
    input.placeholder = attr("placeholder") || word.placeholder;
    input.setAttribute("aria-label", word.message);
    nodes.send.setAttribute("aria-label", word.send);
    nodes.close.setAttribute("aria-label", word.close);
    if (launcher) {
      launcher.hidden = (attr("launcher") || "default") != "default";
    }
    label();
    show(opened());
  };

  /** What the loader does about an attribute even when Go is there. */
  const always = () => {
    const color = attr("color") || "";
    if (element.style.getPropertyValue(accent) != color && (!color || CSS.supports("color", color))) {
      element.style.setProperty(accent, color);
    }
    buttons().forEach((node) => node.setAttribute("aria-expanded", opened() + ""));
  };

  const hush = () => {
    if (teaser) {
      teaser.remove();
      teaser = undefined;
      storage(kept, key, JSON.stringify({ v: 1, at: Date.now(), ...JSON.parse(storage(kept, key) || "{}"), teaser: true }));
    }
  };

  const tease = () => {
    if (host.state == "idle" && !/"teaser":true/.test(storage(kept, key))) {
      const invite = button("invite", word.teaser);
      const dismiss = button("dismiss", icon(cross));
      dismiss.setAttribute("aria-label", word.close);
      invite.onclick = () => call("open", []);
      dismiss.onclick = hush;
      frame.append((teaser = make("div", { part: "teaser" }, invite, dismiss)));
    }
  };

  root.adoptedStyleSheets = [sheet];
  root.replaceChildren(frame);
  panel.hidden = !inline;
  dress();
  always();

  watch(document, (node) => buttons().some((own) => own.contains(node)), life);
  watch(launcher || panel, () => true, facade);
  nodes.close.addEventListener("click", () => show(false, true), facade);
  nodes.send.addEventListener("click", say, facade);
  panel.addEventListener(
    "keydown",
    (event) => {
      // The Enter and Escape of an input method belong to it; 229 is how Safari says so.
      if (!event.isComposing && event.keyCode != 229) {
        if (event.key == "Escape") {
          show(false, true);
        } else if (event.key == "Enter" && !event.shiftKey && event.target == input) {
          event.preventDefault();
          say();
        }
      }
    },
    facade,
  );

  const wish = attr("load");
  const stored = /"(session|key)":/.test(storage(kept, key));
  if (from) {
    input.value = from.draft;
    show(from.open);
    fail({ code: "exit", message: from.reason });
  } else if (wish == "eager") {
    load();
  } else if (wish == "idle" || stored) {
    /** @type {any} */ (window.requestIdleCallback || setTimeout)(warm);
  } else if (inline) {
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && warm()).observe(element);
  }
  // Below that width the panel is the whole screen, which nobody asked this page for.
  if (storage("session", tab) && innerWidth > 479) {
    show(true);
  }
  const wait = attr("teaser") || "";
  if (parseFloat(wait)) {
    setTimeout(tease, parseFloat(wait) * (/ms/.test(wait) ? 1 : /m/.test(wait) ? 6e4 : 1e3));
  }

  return {
    host,
    call,
    changed(name) {
      if (name == "open") {
        storage("session", tab, opened() ? "1" : "");
        hush();
      }
      always();
      handle ? handle.changed(name) : dress();
    },
    fell(reason) {
      if (facade.signal.aborted) {
        over({ open: opened(), draft: input.value, reason });
      }
    },
    end() {
      life.abort();
      facade.abort();
      handle?.destroy();
      root.replaceChildren();
    },
  };
};
