// @ts-check
/** One life of a widget: from the drawing of its launcher until it is destroyed, taken away, or loses Go. */
import { module } from "./download.js";
import { end, page } from "./element.js";
import { draw, maker } from "./facade.js";
import { error, setTimeout } from "./natives.js";
import { words } from "./words.js";

/**
 * What start.js gets, adds to, and hands to Go.
 * @typedef {object} Host
 * @property {HTMLElement} element
 * @property {import("./facade.js").Nodes} nodes
 * @property {ReturnType<typeof import("./facade.js").maker>} make
 * @property {AbortController} life aborted at its end
 * @property {HTMLElement | null} trigger what loads the chat when it is reached for; null once Go has taken over
 * @property {{name: string, args: unknown[], resolve: Function, reject: Function}[]} queue calls for Go
 * @property {(name: string, args: unknown[]) => unknown} call
 * @property {(open: boolean) => void} show opens or closes the panel, until Go does
 * @property {() => void} dress shows the attributes, until Go does
 * @property {(name: string) => void} changed
 */

/**
 * Reads from, or with a value writes to, localStorage or sessionStorage, which may be forbidden, full or absent.
 * @param {string} kind "local" or "session"
 * @param {string} key
 * @param {string} [value]
 */
const storage = (kind, key, value) => {
  try {
    const area = /** @type {any} */ (window)[kind + "Storage"];
    return value ? (area[key] = value) : area[key];
  } catch {}
};

/**
 * @param {HTMLElement} element
 * @returns {Host}
 * @throws where there cannot be one
 */
export const begin = (element) => {
  const attr = (/** @type {string} */ name) => element.getAttribute(name);
  const flow = attr("flow-id") + "";
  if (!/^[\da-f]{8}(-[\da-f]{4}){4}[\da-f]{8}$/i.test(flow)) {
    throw `flow-id "${flow}" must be a UUID`;
  }

  const key = "plura-chat:" + flow.toLowerCase();
  const kept = attr("storage") || "local";
  const inline = attr("mode") == "inline";
  /** @type {import("./facade.js").Nodes} */
  const nodes = {};
  const make = maker(nodes);
  const frame = draw(make);
  const { launcher, panel, input, log } = nodes;
  /** Its signal makes it the options of listeners too, which are all of what happens elsewhere first. @type {any} */
  const life = new AbortController();
  life.capture = true;
  /** The name of the launcher. @type {string} */
  let word;
  /** Whether start.js has been asked for. */
  let asked = false;

  /** The page's own buttons that open the chat. @returns {HTMLElement[]} */
  const buttons = () => {
    try {
      return [...document.querySelectorAll(/** @type {any} */ (attr("launcher")))];
    } catch {
      return []; // not a selector: Go warns
    }
  };

  const load = async () => {
    if (!asked) {
      asked = true;
      log.replaceChildren();
      try {
        (await module(page, attr("frame"))).start(host, page);
      } catch (reason) {
        asked = false;
        const { message } = /** @type {Error} */ (reason);
        error(message);
        element.dispatchEvent(new CustomEvent("plura-chat:error", { detail: { code: "download", message }, bubbles: true, composed: true }));
        nodes.composer.hidden = true;
        log.append(make("p", "notice", "⚠ ", make("button", "retry", word)));
        nodes.notice.setAttribute("role", "alert");
        nodes.retry.onclick = load;
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
    nodes,
    make,
    life,
    queue: [],
    trigger: inline ? panel : launcher,
    show,
    call(name, args) {
      if (name == "destroy") {
        end(element);
        element.remove();
      } else if (/open|close|toggle/.test(name)) {
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
      const tag = attr("lang") || document.documentElement.lang || navigator.language;
      word = words(tag);
      frame.dir = /** @type {any} */ (/^(ar|he|fa|ur)/.test(tag) && "rtl"); // what is no direction is none
      nodes.heading.textContent = attr("heading");
      launcher.setAttribute("aria-label", attr("launcher-label") || word);
      launcher.hidden = inline || (attr("launcher") || "default") != "default";
      show(element.hasAttribute("open"));
    },
    changed(name) {
      const color = attr("color") + "";
      frame.style.setProperty("--plura-accent", CSS.supports("color", color) ? color : "");
      [launcher, ...buttons()].forEach((node) => node.setAttribute("aria-expanded", /** @type {any} */ (element.hasAttribute("open"))));
      if (name == "open") {
        hush();
      }
      host.dress();
    },
  };

  const hush = () => {
    if (nodes.teaser) {
      nodes.teaser.remove();
      storage(kept, key) || storage(kept, key, '{"v":1,"teaser":true}'); // as Go writes it
    }
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

  const root = /** @type {ShadowRoot} */ (element.shadowRoot);
  const sheet = new CSSStyleSheet(); // which an old browser refuses: until here nothing is on the page
  sheet.replaceSync(CORE_CSS);
  root.adoptedStyleSheets = [sheet];
  root.append(frame);
  host.changed("");

  for (const type of "pointerover focusin click".split(" ")) {
    addEventListener(
      type,
      (event) => {
        const path = event.composedPath();
        if ([host.trigger, ...buttons()].some((node) => path.includes(/** @type {any} */ (node)))) {
          type == "click" ? host.call(inline ? "open" : "toggle", []) : warm();
        }
      },
      life,
    );
  }
  // start.js replaces these.
  nodes.close.onclick = () => show(false);
  nodes.close.setAttribute("aria-label", "×");
  input.onkeydown = (/** @type {KeyboardEvent} */ event) => {
    // Not event.key: the code of an Enter that belongs to an input method is 229.
    if (event.keyCode == 13 && !event.shiftKey) {
      event.preventDefault();
      say();
    }
  };
  nodes.send.onclick = say;

  const wish = attr("load");
  // More than a dismissed teaser is a conversation.
  if (wish == "idle" || storage(kept, key)?.[40]) {
    /** @type {any} */ (window.requestIdleCallback || setTimeout)(warm);
  } else if (wish == "eager") {
    load();
  } else if (inline) {
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && warm()).observe(element);
  }
  // Below that width the panel is the whole screen, which nobody asked this page for.
  if (storage("session", key + ":open") && innerWidth > 479) {
    show(true);
  }
  // The teaser invites a visitor of whom nothing is known yet, and who has not reached for the launcher.
  const teaser = /** @type {string} */ (attr("teaser"));
  const delay = parseFloat(teaser) * (/ms/.test(teaser) ? 1 : 1e3);
  if (delay >= 0) {
    setTimeout(() => {
      if (!asked && !storage(kept, key)) {
        let text;
        try {
          text = JSON.parse(/** @type {any} */ (attr("strings"))).teaser;
        } catch {} // Go warns
        frame.append(make("aside", "teaser", make("button", "invite", text || attr("heading") || word), make("button", "dismiss", "×")));
        nodes.invite.onclick = () => host.call("open", []);
        nodes.dismiss.onclick = hush;
      }
    }, delay);
  }
  // Dismissed in one tab is dismissed in all.
  addEventListener("storage", () => storage(kept, key) && nodes.teaser?.remove(), life);
  return host;
};
