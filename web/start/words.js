// @ts-check
/** The words of the panel until Go runs. */
import { translation } from "./translation.js";

/** The words in English. A loaded translation and the attribute strings replace them. */
const english = {
  heading: "Chat with us",
  chatNamed: "Chat: {name}",
  placeholder: "Write a message…",
  message: "Message",
  send: "Send message",
  close: "Close chat",
  conversation: "Conversation",
  today: "Today",
  failed: "We couldn’t load the chat.",
  retry: "Try again",
  stopped: "The chat stopped unexpectedly. Your conversation is safe.",
  restart: "Restart chat",
  unavailable: "Chat isn’t available here.",
  notSent: "Not sent",
};

/**
 * Returns the words for a widget.
 * @param {import("../loader/instance.js").Host} host
 * @returns {typeof english}
 */
export function wordsFor(host) {
  const words = { ...english };
  for (const json of [translation(host), host.attr("strings")]) {
    try {
      const given = JSON.parse(json || "{}");
      for (const key of /** @type {(keyof typeof english)[]} */ (Object.keys(english))) {
        if (typeof given[key] === "string") {
          words[key] = given[key];
        }
      }
    } catch {} // Go warns
  }
  return words;
}
