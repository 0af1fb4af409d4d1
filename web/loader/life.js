// @ts-check
/** One life of a widget: from the drawing of its launcher until it is destroyed, taken away, or loses Go. */
import { aside, module } from "./download.js";
import { draw, maker } from "./facade.js";
import { error, setTimeout } from "./natives.js";
import { holds, keyOf } from "./stores.js";

/**
 * What start.js gets, adds to, and hands to Go.
 * @typedef {object} Host
 * @property {HTMLElement} element
 * @property {string} key of the record of its flow
 * @property {import("./facade.js").Nodes} nodes
 * @property {ReturnType<typeof import("./facade.js").maker>} make
 * @property {AbortController} life aborted at its end. Its signal makes it the options of listeners, too
 * @property {(name: string) => string | null} attr an attribute: null where it is a flag that says "false", folded where it is from a list
 * @property {boolean} [asked] whether start.js has been asked for
 * @property {(...sheet: CSSStyleSheet[]) => CSSStyleSheet[]} wear puts on style sheets, and those that were put on before: a document that the element is
 *   moved to, and back from, takes them off
 * @property {(record?: string) => string | undefined} store reads the record, or writes it
 * @property {(event: any) => void} heard is told of events of the page
 * @property {() => void} warm loads the chat because the visitor seems about to ask
 * @property {HTMLElement | null} trigger what loads the chat when it is reached for; null once Go has taken over
 * @property {{name: string, args: unknown[], resolve: Function, reject: Function}[]} queue calls for Go
 * @property {(name: string, args: unknown[]) => unknown} call calls a method, but for destroy
 * @property {(open: boolean) => void} show opens or closes the panel, until Go does
 * @property {() => void} dress shows the attributes, until Go does
 * @property {(name: string) => void} changed
 */

/**
 * @param {HTMLElement} element
 * @param {{wasm?: Promise<Response | void>}} page what start.js gets to know of the page
 * @returns {Host}
 * @throws where there cannot be one
 */
export const begin = (element, page) => {
  const attr = (/** @type {string} */ name) => {
    const value = element.getAttribute(name);
    const word = value && value.trim().toLowerCase();
    return word == "false" && name != "reconnect" ? null : /^(mode|load|storage)$/.test(name) ? word : value;
  };
  const flow = attr("flow-id") + "";
  if (!/^[\da-f]{8}(-[\da-f]{4}){4}[\da-f]{8}$/i.test(flow)) {
    throw `flow-id "${flow}" must be a UUID`;
  }

  const key = keyOf(attr);
  const inline = attr("mode") == "inline";
  /** @type {import("./facade.js").Nodes} */
  const nodes = {};
  const make = maker(nodes);
  const frame = draw(make);
  const { launcher, panel, input, log } = nodes;
  const life = new AbortController();
  const root = /** @type {ShadowRoot} */ (element.shadowRoot);
  const sheet = new CSSStyleSheet(); // which an old browser refuses: until here nothing is on the page
  sheet.replaceSync(CORE_CSS);
  let sheets = [sheet];
  let lang = "";

  /**
   * Reads from, or with a value writes to, localStorage or sessionStorage, which may be forbidden, full or absent.
   * @param {string | null} kind "session", "none", or "local"
   * @param {string} key
   * @param {string} [value]
   */
  const storage = (kind, key, value) => {
    try {
      const area = /** @type {any} */ (window)[(/^(session|none)$/.test(/** @type {any} */ (kind)) ? kind : "local") + "Storage"];
      return value ? (area[key] = value) : area[key];
    } catch {}
  };

  /** The page's own buttons that open the chat. @returns {HTMLElement[]} */
  const buttons = () => {
    try {
      return [...document.querySelectorAll(/** @type {any} */ (attr("launcher")))];
    } catch {
      return []; // not a selector: Go warns
    }
  };

  const load = async () => {
    if (!host.asked) {
      host.asked = true;
      nodes.notice?.remove();
      try {
        (await module(page, attr("frame"))).start(host, page);
      } catch (reason) {
        error(/** @type {Error} */ (reason).message);
        await aside(attr("frame")).then((more) => more.sorry(host, page, reason)).catch(() => {
          nodes.composer.before(make("p", "notice", "The chat could not load. ", make("button", "retry", "Try again")));
        });
        nodes.retry.onclick = load;
        host.asked = false;
      }
    }
  };

  /** Loads because the visitor seems about to ask, unless that would cost somebody money. */
  const warm = () => {
    const { saveData, effectiveType } = /** @type {any} */ (navigator).connection || 0;
    saveData || /2g/.test(effectiveType) || load();
  };

  const show = (/** @type {boolean} */ open) => {
    panel.hidden = !open && !inline;
    inline || element.toggleAttribute("open", open);
    open && load();
  };

  /** @type {Host} */
  const host = {
    element,
    key,
    nodes,
    make,
    life,
    attr,
    queue: [],
    trigger: inline ? panel : launcher,
    show,
    warm,
    call(name, args) {
      if (/open|close|toggle/.test(name)) {
        show(name == "toggle" ? panel.hidden : name == "open");
        input.focus();
      } else {
        return new Promise((resolve, reject) => {
          host.queue.push({ name, args, resolve, reject });
          load();
        });
      }
    },
    dress() {
      lang = attr("lang") || document.documentElement.lang || navigator.language;
      frame.dir = /** @type {any} */ (/^(ar|he|fa|ur)/.test(lang) && "rtl"); // what is no direction is none
      launcher.setAttribute("aria-label", attr("launcher-label") || "Open chat");
      launcher.hidden = inline || !/^(default|null)?$/i.test(/** @type {any} */ (attr("launcher")));
      show(attr("open") != null);
    },
    changed() {
      const color = attr("color") + "";
      frame.style.setProperty("--plura-accent", CSS.supports("color", color) ? color : "");
      [launcher, ...buttons()].forEach((node) => node.setAttribute("aria-expanded", /** @type {any} */ (attr("open") != null)));
      host.dress();
    },
    wear: (...more) => (root.adoptedStyleSheets = sheets = [...sheets, ...more]),
    store: (record) => storage(attr("storage"), key, record),
    heard(event) {
      const { type } = event;
      const path = event.composedPath();
      const keys = type == "keydown";
      if (!keys) {
        const own = buttons().some((node) => path.includes(node));
        if (own || path.includes(host.trigger)) {
          if (type == "click") {
            own && event.preventDefault(); // a link, or a button of a form
            /** @type {any} */ (element)[inline ? "open" : "toggle"]();
          } else {
            warm();
          }
        }
      }
      // Until start/shield.js does it, and better: keys and the focus in here are not for the page.
      if (path.includes(frame) && (keys ? path[0] == input && !/Escape|Tab/.test(event.key) : /^f/.test(type))) {
        event.stopImmediatePropagation();
        // Not event.key: the code of an Enter that belongs to an input method is 229.
        if (event.keyCode == 13 && !event.shiftKey) {
          event.preventDefault();
          say();
        }
      }
    },
  };

  const say = () => {
    const text = input.value.trim();
    // One that is too long stays until Go says so.
    if (text && !text[4e3]) {
      input.value = "";
      log.append(make("p", "message", text)); // start.js draws it better
      /** @type {Promise<unknown>} */ (host.call("send", [text])).catch(() => {}); // Go tells the visitor
    }
  };

  host.wear();
  root.append(frame);
  host.changed("");

  // start.js replaces these.
  nodes.close.onclick = () => show(false);
  nodes.send.onclick = say;

  const wish = attr("load");
  const idle = /** @type {any} */ (window.requestIdleCallback || setTimeout);
  if (wish == "idle" || holds(host.store())) {
    idle(warm);
  } else if (wish == "eager") {
    load();
  }
  // Below that width the panel is the whole screen, which nobody asked this page for.
  if (storage("session", key + ":open") && innerWidth > 479) {
    show(true);
  }
  if (inline || attr("teaser") || !/^en/i.test(lang)) {
    idle(() => aside(attr("frame")).then((more) => more.assist(host, page)).catch(error));
  }
  return host;
};
