// @ts-check
/**
 * plura-chat.js: the one file a site names. A classic script. It defines the element <plura-chat>, makes one where its own tag carries
 * data-flow-id, and leaves window.PluraChat. Go, the chat itself, is fetched when the visitor reaches for it (download.js).
 *
 * This is on every page view of every site, so it is small: what is not needed before the visitor's first act is in start.js.
 */
import { PluraChatElement, invoke, lives, methods, observe } from "./element.js";

const tag = "plura-chat";

// A second copy of this script, of this or another version, leaves the page to the first one.
if (!customElements.get(tag)) {
  const before = window.PluraChat;
  const first = () => [...lives.values()][0];
  /** @type {any} */
  const api = {
    /** Calls each function with this object. Pages that ran before the script pushed theirs onto an array of this name. */
    push: (/** @type {Function[]} */ ...calls) => calls.forEach((call) => queueMicrotask(() => call(api))),
    on: (/** @type {string} */ event, /** @type {Function} */ act) => observe(() => first()?.host.element, event, act),
    get state() {
      return first()?.host.state || "idle";
    },
    get unread() {
      return first()?.host.unread || 0;
    },
    version: BUILD.version,
  };
  for (const name of methods) {
    api[name] = (/** @type {unknown[]} */ ...args) => invoke(first, name, args);
  }
  window.PluraChat = api;
  customElements.define(tag, PluraChatElement);
  if (Array.isArray(before)) {
    api.push(...before);
  }
}
/** @type {any} */ (customElements.get(tag)).embed?.(document.currentScript);
