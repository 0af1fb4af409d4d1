// @ts-check
/** The custom element <plura-chat>, and window.PluraChat, which speaks for the page's first one. */
import { download, script } from "./download.js";
import { begin } from "./life.js";
import { error, natives, setTimeout } from "./natives.js";

/** @typedef {import("./life.js").Host} Host */

/** The widgets that are alive on this page, the oldest first. @type {Set<Host>} */
const lives = new Set();

/** What waits for the next widget to come to life. @type {((_: unknown) => void)[]} */
const waiting = [];

/** Tags that have no widget because the page has one of their flow. @type {HTMLScriptElement[]} */
const spare = [];

/** Tells the lives what happens, before the page hears of it. */
const heard = (/** @type {Event} */ event) => lives.forEach((life) => life.heard(event));

/** Whether it is on this page, and not in a document that it is kept in, or nowhere. */
const here = (/** @type {Element} */ element) => element.getRootNode({ composed: true }) == document;

/** The life of an element, or for window.PluraChat the first one that is on the page. */
const find = (/** @type {unknown} */ it) => {
  const all = [...lives];
  return it == api ? all.find(({ element }) => here(element)) || all[0] : all.find(({ element }) => element == it);
};

/** What window.PluraChat and the elements have in common. start.js makes state and unread live, and open and toggle patient. @type {any} */
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
    /** @type {Host | undefined} */
    let life;
    while (!(life = find(this))) {
      await new Promise((resolve) => waiting.push(resolve));
    }
    if (name == "destroy") {
      spare.length = 0; // nor is anything to take its place
      end(life.element);
      return life.element.remove();
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
 * Begins the element's life in this document, if it has none and can have one, and otherwise puts its style sheets on again. In a browser that
 * lacks what it takes there is no chat.
 * @param {HTMLElement} element
 */
const enliven = (element) => {
  if (here(element) && !find(element)?.wear()) {
    try {
      "pointerover click focus focusin keydown".split(" ").forEach((type) => addEventListener(type, heard, true)); // which it does once
      const life = begin(element, page);
      for (const { element: old, key, nodes } of lives) {
        const { tag } = /** @type {any} */ (old);
        // Another body has come, and with it another element for the same visitor. And what a tag asks for is not needed beside it.
        if (key == life.key && (tag || !here(old))) {
          life.nodes.input.value ||= nodes.input.value;
          tag && spare.push(tag);
          end(old);
          old.remove();
        }
      }
      lives.add(life);
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

/** Whether the page has had an element. */
let used = false;

export class PluraChatElement extends HTMLElement {
  connectedCallback() {
    used = true;
    if (!this.shadowRoot) {
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
    this.home = this.parentElement?.tagName;
    this.onabort = () => {}; // document.open() takes it off, with all listeners
    enliven(this);
  }

  get open() {
    return members.open;
  }

  /** The method's name is an attribute's, too. Frameworks that find a property set it, and not the attribute (React 19, Preact, Vue). */
  set open(wish) {
    wish == members.open || this.toggleAttribute("open", wish || wish === ""); // members.open is assigned below
  }

  remove() {
    this.home = "";
    super.remove();
  }

  disconnectedCallback() {
    // Frameworks take elements out and put them back. Only one that stays away is gone, and not even that if it stood beside body, where only
    // those reach who exchange the whole document, and was not removed by its name.
    setTimeout(() => {
      if (!here(this)) {
        const back = this.home == "HTML" && document.documentElement;
        (back && this.onabort) || end(this);
        back ? back.append(this) : spare.splice(0).forEach((tag) => PluraChatElement.embed(tag));
      }
    }, 1000);
  }

  /**
   * Makes the widget that a script tag asks for, unless the page has one of that flow. It stands beside body, not in it: what exchanges the body
   * (Turbo, htmx, Astro) does not touch it then, not even its focus and scroll position. An inline one stands where the tag does.
   * @param {HTMLScriptElement} tag
   */
  static embed(tag) {
    const { flowId, mode } = tag.dataset;
    if (!document.body) {
      setTimeout(() => PluraChatElement.embed(tag), 9);
    } else if (flowId == null) {
      // A page may add an element later; when it has had time for it, this is what somebody forgot, or a tag manager left out.
      setTimeout(() => used || error("data-flow-id is missing"), 5e3);
    } else if ([...lives].some(({ key }) => key.endsWith(flowId.toLowerCase()))) {
      spare.push(tag);
    } else {
      const element = document.createElement("plura-chat");
      for (const { name, value } of tag.attributes) {
        // The names of our attributes, and not those that would be script or style on an element.
        /^data-(?!on|style|-)[a-z-]+$/.test(name) && element.setAttribute(name.slice(5), value);
      }
      /** @type {any} */ (element).tag = tag;
      /inline/i.test(/** @type {any} */ (mode)) && tag.parentNode ? tag.after(element) : document.documentElement.append(element);
    }
  }
}

Object.assign(PluraChatElement.prototype, members);

/**
 * What start.js gets to know of the page.
 * @type {{natives: any, script: typeof script, find: typeof find, end: typeof end, enliven: typeof enliven, api: any,
 *   download: typeof download, wasm?: Promise<Response | void>}} wasm: the response with the WebAssembly; nothing where it failed
 */
export const page = {
  natives,
  script,
  find,
  end,
  enliven,
  api,
  download,
};
