// @ts-check
/**
 * Shows what the visitor has written and not sent: what an earlier page has kept for the tab when it ended, or else the
 * stored draft. Go reads the same draft, but only after the visitor may have begun to type.
 */
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

/**
 * Returns the draft that Go has stored (widget/chat/choices.go), unless it has expired. A chat in an iframe stores its
 * own.
 * @param {StartedHost} host
 */
function storedDraft({ attr, snapshotKey }) {
  try {
    const text = attr("frame") === null && storageOf(attr("storage")).getItem(snapshotKey + FACTS.choiceSuffixes[0]);
    const { v, at, draft } = JSON.parse(/** @type {any} */ (text));
    return v === FACTS.storedVersion && Date.now() - at < FACTS.forgetAfter && draft + "";
  } catch {} // there is none, or it is not as Go writes it
}

/** Moves the kept text or the draft to an empty composer. @param {StartedHost} host */
export function restoreText(host) {
  const { input } = host.nodes;
  const text = replaceText(host, "");
  const kept = !input.oninput && text; // with oninput, this page has stored the text itself
  const draft = storedDraft(host) || "";
  input.value ||= kept || draft;
  const untouched = input.value === draft ? draft : "";
  host.isTouched = () => kept || input.value !== untouched;
  input.oninput = null;
}
