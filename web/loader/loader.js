// @ts-check
/**
 * plura-chat.js: the one file a site names. A classic script. It defines the element <plura-chat>, makes one where its own tag carries
 * data-flow-id, and leaves window.PluraChat. Go, the chat itself, is fetched when the visitor reaches for it (download.js).
 *
 * This is on every page view of every site, so it is small: what is not needed before the visitor's first act is in start.js.
 */
import { tag } from "./download.js";
import { PluraChatElement, api } from "./element.js";
import { error } from "./natives.js";

// Imported, inlined or as a module, it cannot know where the other files are.
if (!tag?.src) {
  error("load plura-chat.js by a classic script tag");
} else {
  // A second copy of this script, of this or another version, leaves the page to the first one.
  if (!customElements.get("plura-chat")) {
    const before = window.PluraChat;
    window.PluraChat = api;
    customElements.define("plura-chat", PluraChatElement);
    if (Array.isArray(before)) {
      api.push(...before);
    }
  }
  /** @type {any} */ (customElements.get("plura-chat")).embed?.(tag);
}
