// @ts-check
/** The custom element <plura-chat>, and the methods that it and window.PluraChat share. */
import { begin } from "./life.js";
import { setTimeout } from "./natives.js";

/** @typedef {import("./life.js").Life} Life */

/** The widgets that are alive on this page, the oldest first. @type {Map<HTMLElement, Life>} */
export const lives = new Map();

/** The methods that return a promise. */
export const methods = ["open", "close", "toggle", "send", "identify", "reset", "transcript", "destroy"];

/** Calls made before there was a widget to take them. @type {(() => void)[]} */
const waiting = [];

/**
 * Calls a method of the widget that get returns, as soon as there is one.
 * @param {() => Life | undefined} get
 * @param {string} name
 * @param {unknown[]} args
 * @returns {Promise<unknown>}
 */
export const invoke = (get, name, args) =>
  get()?.call(name, args) || new Promise((resolve) => waiting.push(() => resolve(invoke(get, name, args))));

/**
 * Calls act with the detail of an event of the element that get returns at that time, until the returned function is called.
 * The listener is on window, where an event's path begins, so it may be added before there is an element.
 * @param {() => EventTarget | undefined} get
 * @param {string} name without its prefix
 * @param {Function} act
 */
export const observe = (get, name, act) => {
  const listener = (/** @type {any} */ event) => event.target === get() && act(event.detail);
  addEventListener("plura-chat:" + name, listener, true);
  return () => removeEventListener("plura-chat:" + name, listener, true);
};

/**
 * Begins the element's life in this document, if it has none and can have one.
 * @param {HTMLElement} element
 * @param {import("./life.js").Legacy} [from]
 */
const enliven = (element, from) => {
  if (element.isConnected && !lives.has(element)) {
    const life = begin(element, from, (legacy) => {
      end(element);
      legacy ? enliven(element, legacy) : element.remove();
    });
    if (life) {
      lives.set(element, life);
      waiting.splice(0).forEach((call) => call());
    }
  }
};

/** @param {HTMLElement} element */
const end = (element) => {
  lives.get(element)?.end();
  lives.delete(element);
};

export class PluraChatElement extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    // Not observedAttributes: the list would be on every page view.
    new MutationObserver((records) =>
      records.forEach(({ attributeName }) => {
        if (/^(flow-id|mode|frame)$/.test(attributeName || "")) {
          end(this);
        }
        lives.get(this)?.changed(attributeName || "");
        enliven(this);
      }),
    ).observe(this, { attributes: true });
  }

  connectedCallback() {
    this.home = this.parentElement;
    enliven(this);
  }

  disconnectedCallback() {
    // Frameworks take elements out and put them back. Only one that stays away is gone, and not even that if the script tag made it and the whole document was exchanged.
    setTimeout(() => {
      if (!this.isConnected) {
        this.home?.isConnected || this.home?.tagName != "HTML" ? end(this) : document.documentElement.append(this);
      }
    }, 1000);
  }

  on(/** @type {string} */ name, /** @type {Function} */ act) {
    return observe(() => this, name, act);
  }

  get state() {
    return lives.get(this)?.host.state || "idle";
  }

  get unread() {
    return lives.get(this)?.host.unread || 0;
  }

  get version() {
    return BUILD.version;
  }

  /**
   * Makes the widget that a script tag asks for, unless the page has one of that flow. It stands beside body, not in it: what exchanges the body
   * (Turbo, htmx, Astro) does not touch it then, not even its focus and scroll position. An inline one stands where the tag does.
   * @param {HTMLScriptElement | null} script
   */
  static embed(script) {
    const flow = script?.dataset.flowId;
    if (flow == null) {
      return;
    }
    if (!document.body) {
      setTimeout(() => this.embed(script), 9);
    } else if (![...lives.keys()].some((other) => other.getAttribute("flow-id") == flow)) {
      const element = document.createElement("plura-chat");
      for (const { name, value } of script.attributes) {
        name.startsWith("data-") && element.setAttribute(name.slice(5), value);
      }
      element.getAttribute("mode") == "inline" ? script.after(element) : document.documentElement.append(element);
    }
  }
}

for (const name of methods) {
  /** @type {any} */ (PluraChatElement.prototype)[name] = function (/** @type {unknown[]} */ ...args) {
    return invoke(() => lives.get(this), name, args);
  };
}
