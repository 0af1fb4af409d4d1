// @ts-check
/**
 * plura-chat.js: the script that a site includes. A classic script. It defines the element <plura-chat>, makes one if
 * its tag has data-flow-id, and sets window.PluraChat. It loads Go, which runs the chat, when the visitor is about to
 * open it (download.js).
 *
 * Every page view of every site loads this file, so it is small: what is not needed before the visitor's first act is
 * in start.js.
 */
import { tag } from "./download.js";
import { PluraChatElement, api } from "./element.js";
import { error } from "./native_globals.js";

// Without a tag, as where it is imported, inlined or a module, it does not know where the other files are.
if (!tag?.src) {
  error("use a classic script tag");
} else {
  // The first copy of this script on a page defines the element, also for copies of other versions.
  if (!customElements.get("plura-chat")) {
    const before = window.PluraChat;
    window.PluraChat = api;
    customElements.define("plura-chat", PluraChatElement);
    // A link or an address that ends in #plura-chat or #plura-chat=Text opens the chat (start/draft_link.js).
    const onHash = () => /^#plura-chat(=|$)/.test(location.hash) && api.draft(location.hash);
    onHash();
    addEventListener("hashchange", onHash);
    if (Array.isArray(before)) {
      api.push(...before);
    }
  }
  /** @type {any} */ (customElements.get("plura-chat")).embed?.(tag);
}
