// @ts-check
/** The custom element <plura-chat>, and window.PluraChat, whose methods act on the page's first element. */
import { download, script } from "./download.js";
import { createInstance } from "./instance.js";
import { error, nativeGlobals, setTimeout } from "./native_globals.js";

/** @typedef {import("./instance.js").Host} Host */

/** The widgets of this page, the oldest first. @type {Set<Host>} */
const instances = new Set();

/** Calls that wait for the next instance. @type {((_: unknown) => void)[]} */
const waiting = [];

/** Tags without a widget, because the page has one of their flow. @type {HTMLScriptElement[]} */
const spareTags = [];

/** Passes an event to the instances, before the page's listeners. */
const onPageEvent = (/** @type {Event} */ event) => instances.forEach((instance) => instance.pageEvent(event));

/** Reports whether an element is on this page, and not detached or in another document. */
const isOnPage = (/** @type {Element} */ element) => element.getRootNode({ composed: true }) === document;

/** Returns the instance of an element, or for window.PluraChat the first one that is on the page. */
const find = (/** @type {unknown} */ target) => {
  const all = [...instances];
  return target === api
    ? all.find(({ element }) => isOnPage(element)) || all[0]
    : all.find(({ element }) => element === target);
};

/**
 * What window.PluraChat and the elements have in common. start.js makes state and unread follow the widget, and open
 * and toggle wait for modal dialogs of the page.
 * @type {any}
 */
const members = {
  state: "idle",
  unread: 0,
  version: BUILD.version,

  /** The listener is on window, the start of an event's path, so that a page may add it before there is an element. */
  on(/** @type {string} */ name, /** @type {Function} */ act) {
    const listener = (/** @type {any} */ event) => event.composedPath()[0] === find(this)?.element && act(event.detail);
    addEventListener((name = "plura-chat:" + name), listener, true);
    return () => removeEventListener(name, listener, true);
  },
};

for (const name of "open close toggle send identify reset transcript draft destroy".split(" ")) {
  members[name] = async function (/** @type {unknown[]} */ ...args) {
    /** @type {Host | undefined} */
    let instance;
    while (!(instance = find(this))) {
      await new Promise((resolve) => waiting.push(resolve));
    }
    if (name === "destroy") {
      spareTags.length = 0; // no tag replaces a widget that the page has destroyed
      unmount(instance.element);
      return instance.element.remove();
    }
    return instance.call(name, args);
  };
}

/** @type {any} */
export const api = {
  __proto__: members,
  /**
   * Calls each function with this object. Pages that ran before the script pushed theirs onto an array of this name.
   */
  push: (/** @type {Function[]} */ ...calls) => calls.forEach((call) => setTimeout(() => call(api))),
};

/**
 * Creates the element's instance if it is on the page and has none; otherwise it sets its style sheets again. In a
 * browser that lacks what the widget needs, nothing is drawn.
 * @param {HTMLElement} element
 */
const mount = (element) => {
  if (isOnPage(element) && !find(element)?.adoptSheets()) {
    try {
      // The browser adds the same listener only once.
      "pointerover click focus focusin keydown".split(" ").forEach((type) => addEventListener(type, onPageEvent, true));
      const instance = createInstance(element, page);
      for (const { element: old, snapshotKey, nodes } of instances) {
        const { scriptTag: tag } = /** @type {any} */ (old);
        // The new element replaces one of another body for the same flow, and one that a tag has made.
        if (snapshotKey === instance.snapshotKey && (tag || !isOnPage(old))) {
          instance.nodes.input.value ||= nodes.input.value;
          tag && spareTags.push(tag);
          unmount(old);
          old.remove();
        }
      }
      instances.add(instance);
      waiting.splice(0).forEach((call) => call(0));
    } catch (reason) {
      error(reason);
    }
  }
};

/** Ends the element's instance. @param {HTMLElement} element */
const unmount = (element) => {
  const instance = find(element);
  if (instance) {
    instances.delete(instance);
    instance.controller.abort();
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
      // A MutationObserver and not observedAttributes: that list of names would cost bytes on every page view.
      new MutationObserver((records) =>
        records.forEach((record) => {
          const name = /** @type {string} */ (record.attributeName);
          if (/flow-id|mode|frame/.test(name)) {
            unmount(this);
          }
          // attributeChanged sets aria-expanded, on this element too if the attribute launcher is a selector that
          // matches it.
          name === "aria-expanded" || find(this)?.attributeChanged(name);
          mount(this);
        }),
      ).observe(this, { attributes: true });
    }
    this.parentName = this.parentElement?.tagName;
    this.onabort = () => {}; // document.open() removes it, with all listeners
    mount(this);
  }

  get open() {
    return members.open;
  }

  /**
   * The method has the name of an attribute. Frameworks set a property instead of the attribute if there is one (React
   * 19, Preact, Vue).
   */
  set open(value) {
    value === members.open || this.toggleAttribute("open", value || value === ""); // members.open is assigned below
  }

  remove() {
    this.parentName = "";
    super.remove();
  }

  disconnectedCallback() {
    // Frameworks remove elements and insert them again, so the instance ends only if the element stays away. An element
    // beside body returns by itself, unless remove() was called: only a script that replaces the whole document removes
    // it otherwise.
    setTimeout(() => {
      if (!isOnPage(this)) {
        const parent = this.parentName === "HTML" && document.documentElement;
        (parent && this.onabort) || unmount(this);
        parent ? parent.append(this) : spareTags.splice(0).forEach((tag) => PluraChatElement.embed(tag));
      }
    }, 1000);
  }

  /**
   * Makes the widget that a script tag asks for, unless the page has one of that flow. The element is appended beside
   * body and not in it, so that scripts which replace the body (Turbo, htmx, Astro) leave it alone, with its focus and
   * scroll position. An inline widget is inserted after the tag.
   * @param {HTMLScriptElement} tag
   */
  static embed(tag) {
    const { flowId, mode } = tag.dataset;
    if (!document.body) {
      setTimeout(() => PluraChatElement.embed(tag), 9);
    } else if (flowId == null) {
      // A page may add an element later. After five seconds without one, the attribute was forgotten, or removed by a
      // tag manager.
      setTimeout(() => used || error("no data-flow-id"), 5e3);
    } else if ([...instances].some(({ snapshotKey }) => snapshotKey.endsWith(flowId.toLowerCase()))) {
      spareTags.push(tag);
    } else {
      const element = document.createElement("plura-chat");
      for (const { name, value } of tag.attributes) {
        // The names of our attributes, except those that an element would take for a script or a style.
        /^data-(?!on|style|-)[a-z-]+$/.test(name) && element.setAttribute(name.slice(5), value);
      }
      /** @type {any} */ (element).scriptTag = tag;
      /inline/i.test(/** @type {any} */ (mode)) && tag.parentNode
        ? tag.after(element)
        : document.documentElement.append(element);
    }
  }
}

Object.assign(PluraChatElement.prototype, members);

/**
 * What start.js and the modules of aside/ get of the loader.
 * @typedef {object} Page
 * @property {any} nativeGlobals
 * @property {typeof script} loaderScript
 * @property {typeof find} findInstance
 * @property {typeof unmount} unmount
 * @property {typeof mount} mount
 * @property {any} publicApi
 * @property {typeof download} loadModule
 */

/** @type {Page} */
const page = {
  nativeGlobals,
  loaderScript: script,
  findInstance: find,
  unmount,
  mount,
  publicApi: api,
  loadModule: download,
};
