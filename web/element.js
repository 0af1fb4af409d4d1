// @ts-check
/** The custom element <plura-chat>, and window.PluraChat, which speaks for the page's first one. */
import { script } from "./download.js";
import { begin } from "./life.js";
import { error, natives, setTimeout } from "./natives.js";

/** @typedef {import("./life.js").Host} Host */

/** The widgets that are alive on this page, the oldest first. @type {Set<Host>} */
const lives = new Set();

/** What waits for the next widget to come to life. @type {((_: unknown) => void)[]} */
const waiting = [];

/** The life of an element, or for window.PluraChat the first one. */
const find = (/** @type {unknown} */ it) => [...lives].find(({ element }) => it == element || it == api);

/** What window.PluraChat and the elements have in common. start.js makes state and unread live. @type {any} */
const members = {
  state: "idle",
  unread: 0,
  version: BUILD.version,

  /** The listener is on window, where an event's path begins, so that it may be added before there is an element. */
  on(/** @type {string} */ name, /** @type {Function} */ act) {
    const listener = (/** @type {any} */ event) => event.composedPath()[0] == find(this)?.element && act(event.detail);
    addEventListener((name = "plura-chat:" + name), listener, true);
    return () => removeEventListener(name, listener, true);
  },
};

for (const name of "open close toggle send identify reset transcript destroy".split(" ")) {
  members[name] = async function (/** @type {unknown[]} */ ...args) {
    let life;
    while (!(life = find(this))) {
      await new Promise((resolve) => waiting.push(resolve));
    }
    return life.call(name, args);
  };
}

/** @type {any} */
export const api = {
  __proto__: members,
  /** Calls each function with this object. Pages that ran before the script pushed theirs onto an array of this name. */
  push: (/** @type {Function[]} */ ...calls) => calls.forEach((call) => setTimeout(() => call(api))),
};

/**
 * Begins the element's life in this document, if it has none and can have one. In a browser that lacks what it takes there is no chat.
 * @param {HTMLElement} element
 */
const enliven = (element) => {
  if (element.isConnected && !find(element)) {
    try {
      lives.add(begin(element));
      waiting.splice(0).forEach((call) => call(0));
    } catch (reason) {
      error(reason);
    }
  }
};

export const end = (/** @type {HTMLElement} */ element) => {
  const life = find(element);
  if (life) {
    lives.delete(life);
    life.life.abort();
    element.shadowRoot?.replaceChildren();
  }
};

export class PluraChatElement extends HTMLElement {
  connectedCallback() {
    if (!this.home) {
      this.attachShadow({ mode: "open" });
      // Not observedAttributes: the list would be on every page view.
      new MutationObserver((records) =>
        records.forEach((record) => {
          const name = /** @type {string} */ (record.attributeName);
          if (/^(flow-id|mode|frame)$/.test(name)) {
            end(this);
          }
          // The attribute launcher may be a selector that finds this element too, and gets this from it (life.js).
          name == "aria-expanded" || find(this)?.changed(name);
          enliven(this);
        }),
      ).observe(this, { attributes: true });
    }
    this.home = this.parentElement;
    enliven(this);
  }

  get open() {
    return members.open;
  }

  /** The method's name is an attribute's, too. Frameworks that find a property set it, and not the attribute (React 19, Preact, Vue). */
  set open(wish) {
    wish == members.open || this.toggleAttribute("open", wish || wish === ""); // members.open is assigned below
  }

  disconnectedCallback() {
    // Frameworks take elements out and put them back. Only one that stays away is gone, and not even that if embed made it and the whole document was exchanged.
    setTimeout(() => this.isConnected || (this.home?.tagName == "HTML" && !this.home.isConnected ? document.documentElement.append(this) : end(this)), 1000);
  }

  /**
   * Makes the widget that a script tag asks for, unless the page has one of that flow. It stands beside body, not in it: what exchanges the body
   * (Turbo, htmx, Astro) does not touch it then, not even its focus and scroll position. An inline one stands where the tag does.
   * @param {HTMLScriptElement} script
   */
  static embed(script) {
    const { flowId, mode } = script.dataset;
    if (!document.body) {
      setTimeout(() => this.embed(script), 9);
    } else if (flowId != null && ![...lives].some(({ element }) => element.getAttribute("flow-id") == flowId)) {
      const element = document.createElement("plura-chat");
      for (const { name, value } of script.attributes) {
        // The names of our attributes, and not those that would be script or style on an element.
        /^data-(?!on|style|-)[a-z-]+$/.test(name) && element.setAttribute(name.slice(5), value);
      }
      mode == "inline" ? script.after(element) : document.documentElement.append(element);
    }
  }
}

Object.assign(PluraChatElement.prototype, members);

/**
 * What start.js gets to know of the page.
 * @type {{natives: any, script: HTMLScriptElement, find: typeof find, end: typeof end, enliven: typeof enliven, api: any,
 *   wasm?: Promise<Response | void>}} wasm: the response with the WebAssembly; nothing where it failed
 */
export const page = {
  natives,
  script,
  find,
  end,
  enliven,
  api,
};
