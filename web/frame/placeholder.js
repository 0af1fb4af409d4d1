// @ts-check
/**
 * A conversation in an iframe of another origin is stored under that origin. A placeholder in the page's storage stands
 * for it: with it, the loader loads the chat when the page is idle, and shows no teaser.
 */
import { keyOf } from "../loader/storage.js";

/**
 * Returns what stores and removes the placeholder.
 * @param {import("../start/host.js").StartedHost} host
 * @param {string} origin of the iframe
 */
export function newPlaceholder({ attr }, origin) {
  /** Stores the placeholder if there is a conversation, and otherwise removes it. */
  const update = (/** @type {boolean} */ hasConversation) => {
    const kind = attr("storage") || "local";
    if (origin === location.origin || !/^(local|session)$/.test(kind)) {
      return;
    }
    try {
      const area = kind === "local" ? localStorage : sessionStorage;
      const key = keyOf(attr);
      if (hasConversation) {
        area.setItem(key, FACTS.placeholder);
      } else if (area.getItem(key) === FACTS.placeholder) {
        area.removeItem(key);
      }
    } catch {} // forbidden or full
  };
  return {
    update,
    /** Updates it after an event of the chat. @param {string} name */
    onEvent(name) {
      if (/^(sent|message|reset)$/.test(name)) {
        update(name !== "reset");
      }
    },
  };
}
