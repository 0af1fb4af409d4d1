// @ts-check
/** What the visitor and the page can do with the panel until Go runs. */
import { linkedText } from "./draft_link.js";
import { focusReturn } from "./focus_return.js";
import { addProvisionalRow } from "./panel.js";

/** @typedef {import("../loader/instance.js").Call} Call */
/** @typedef {import("./host.js").StartedHost} StartedHost */

/**
 * Adds the listeners to the panel, and makes call queue for Go what only Go can do.
 * @param {StartedHost} host
 * @param {AbortSignal} signal ends it
 */
export function listenToPanel(host, signal) {
  const { log, send, close, panel } = host.nodes;
  host.call = (name, args) => {
    if (/^(open|close|toggle)$/.test(name)) {
      return setOpen(host, name === "toggle" ? panel.hidden : name === "open");
    }
    if (/^(identify|reset)$/.test(name)) {
      host.endEarlySocket?.(); // Go begins another conversation
    }
    return new Promise((resolve, reject) => {
      /** @type {Call} */
      const call = [name, args, resolve, reject];
      if (drawCall(host, call)) {
        host.queue.push(call);
        host.callQueued?.();
      }
    });
  };
  log.replaceChildren();
  host.queue = host.queue.filter((call) => drawCall(host, call));
  close.onclick = () => setOpen(host, false);
  send.onclick = null;
  send.addEventListener("click", () => submit(host), { signal });
  panel.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => onKey(host, event), { signal });
}

/** Makes the page inert if the panel covers it. @param {StartedHost} host */
export const updateModal = (host) =>
  host.setModal(host.open && host.attr("mode") !== "inline" && matchMedia(FACTS.narrowScreen).matches);

/** Opens or closes the panel, and moves the focus. @param {StartedHost} host @param {boolean} open */
function setOpen(host, open) {
  const { panel, input } = host.nodes;
  const was = !panel.hidden;
  host.showPanel(open);
  host.open = !panel.hidden;
  updateModal(host);
  if (host.open !== was) {
    host.emit(open ? "open" : "close");
    host.panelToggled?.(open);
  }
  (open ? input : focusReturn(host))?.focus({ preventScroll: true });
}

/** Sends the composer's text. @param {StartedHost} host */
function submit(host) {
  const { input } = host.nodes;
  const text = input.value.trim();
  if (text && !text[FACTS.textLimit]) {
    input.value = "";
    /** @type {Promise<unknown>} */ (host.call("send", [text])).catch(() => {}); // Go tells the visitor
  }
}

/**
 * Shows what a queued call does: the message of one that sends, and the panel of one that drafts. If the text cannot be
 * converted to a string, it rejects the call and returns false.
 * @param {StartedHost} host
 * @param {Call} call
 */
function drawCall(host, [name, args, , reject]) {
  try {
    if (name === "send") {
      const text = (args[0] = String(args[0])).trim();
      // Go rejects other texts.
      if (text && ![...text][FACTS.textLimit]) {
        addProvisionalRow(host, text);
      }
    } else if (name === "draft") {
      args[0] = linkedText(args[0]);
      setOpen(host, true);
    }
  } catch (reason) {
    reject(reason);
    return false;
  }
  return true;
}

/** @param {StartedHost} host @param {KeyboardEvent} event */
function onKey(host, event) {
  // Enter and Escape of an input method are for the input method; in Safari they have the code 229.
  if (event.isComposing || event.keyCode === 229) {
    return;
  }
  if (event.key === "Escape") {
    if (host.attr("mode") !== "inline") {
      event.stopPropagation(); // else a dialog of the page would close too
    }
    setOpen(host, false);
  } else if (event.key === "Enter" && !event.shiftKey && event.target === host.nodes.input) {
    event.preventDefault();
    submit(host);
  }
}
