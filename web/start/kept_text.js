// @ts-check
/** Keeps what the visitor has written over a reload of the page, which keeps the tab. */
import { storageOf, textSuffix } from "../loader/storage.js";

/** @typedef {import("./host.js").StartedHost} StartedHost */

/**
 * Replaces the stored text, and returns the one before. An empty text removes it.
 * @param {import("../loader/instance.js").Host} host
 * @param {string} text
 */
function replaceText({ attr, snapshotKey }, text) {
  try {
    const storage = storageOf(attr("storage") === "none" ? "none" : "session");
    const key = snapshotKey + textSuffix;
    const old = storage.getItem(key)?.trim();
    text ? storage.setItem(key, text) : storage.removeItem(key);
    return old;
  } catch {} // forbidden or full
}

/** Stores the messages that wait for Go and the composer's text when the page ends. @param {StartedHost} host */
export function keepText(host) {
  const { log, input } = host.nodes;
  const store = () =>
    replaceText(
      host,
      [...log.querySelectorAll(".provisional [part=bubble]"), input]
        .map((node) => node.value ?? node.innerText)
        .join("\n"),
    );
  addEventListener("pagehide", store, host);
}

/** Moves the stored text to an empty composer. @param {import("../loader/instance.js").Host} host */
export function restoreText(host) {
  const { input } = host.nodes;
  const text = replaceText(host, "");
  input.value ||= (!input.oninput && text) || ""; // this page has a text that it has stored itself
  input.oninput = null;
}
