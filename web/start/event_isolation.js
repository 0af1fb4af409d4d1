// @ts-check
/** Keeps the page from getting events that are meant for the chat alone. */

/** @typedef {import("../loader/instance.js").Host} Host */

/** Reports whether an element can be scrolled. @param {Element} node */
const canScroll = (node) => {
  const { overflowX, overflowY } = getComputedStyle(node);
  return (
    (/auto|scroll/.test(overflowY) && node.scrollHeight > node.clientHeight) ||
    (/auto|scroll/.test(overflowX) && node.scrollWidth > node.clientWidth)
  );
};

/**
 * The events that are isolated, beside those that the loader listens to. The listeners capture on window, before most
 * listeners of the page.
 */
const types =
  "keypress keyup beforeinput input paste copy cut drop selectstart contextmenu " +
  "compositionstart compositionupdate compositionend blur focusout";

/** What the chat reads of a key event. */
const keyMembers = ["key", "code", "keyCode", "repeat", "isComposing", "altKey", "ctrlKey", "metaKey", "shiftKey"];

/**
 * Isolates the events of the chat from the page.
 * @param {Host} host
 */
export function isolateEvents(host) {
  const { pageEvent } = host;
  host.pageEvent = (event) => (/^(pointerover|click)$/.test(event.type) ? pageEvent(event) : isolate(host, event));
  for (const type of types.split(" ")) {
    addEventListener(type, (event) => host.pageEvent(event), { signal: host.controller.signal, capture: true });
  }
  isolateScrolling(host);
}

/**
 * For the page, the target of every event in the chat is the same element, which is not a field: what the page does
 * about keys, pasted text or the focus would go wrong there. So such an event ends on window, where its path begins,
 * and a copy is dispatched inside the chat. Keys outside of fields go to the page. So do Escape and Tab, unless the
 * chat stops them: a dialog of the page may contain the chat.
 * @param {Host} host
 * @param {any} event
 */
function isolate({ element, nodes }, event) {
  const { type } = event;
  const path = event.composedPath();
  const [target] = path;
  const inside = path.includes(nodes.frame);
  const isolated = inside
    ? !/^key/.test(type) ||
      (target.matches("textarea,input,select") && !/^(Escape|Tab)$/.test(event.key) && event.code !== "Tab")
    : event.relatedTarget === element;
  if (isolated) {
    event.stopImmediatePropagation();
    // When the focus moves into the chat, the copy has no relatedTarget: a dialog of the page would take the focus
    // back.
    const get = (/** @type {any} */ it, /** @type {string} */ name) =>
      name === "composed" ? !inside : name === "relatedTarget" ? null : it[name];
    const members = new Proxy(event, { get });
    let copy = new event.constructor(type, members);
    if (inside && copy.composed) {
      // Firefox makes every key event composed: the copy would come back here and reach the page.
      copy = new Event(type, members);
      for (const name of keyMembers) {
        Object.defineProperty(copy, name, { value: event[name] });
      }
    }
    target.dispatchEvent(copy) || event.preventDefault();
  }
}

/**
 * Keeps scrolling in the panel from scripts that scroll the page or prevent it from scrolling. Behind a panel that
 * fills the screen, the page does not scroll. overscroll-behavior ends scrolling at the edge of what is scrolled in the
 * panel.
 * @param {Host} host
 */
function isolateScrolling({ attr, nodes: { panel }, controller: { signal } }) {
  for (const type of ["touchstart", "touchmove", "wheel"]) {
    panel.addEventListener(
      type,
      (/** @type {any} */ event) => {
        event.stopPropagation();
        const zooms = event.ctrlKey || event.touches?.length > 1;
        if (
          type === "touchstart" ||
          zooms ||
          !event.cancelable ||
          attr("mode") === "inline" ||
          !matchMedia(FACTS.narrowScreen).matches
        ) {
          return;
        }
        for (let node = event.target; node !== panel; node = node.parentElement) {
          if (!node || canScroll(node)) {
            return;
          }
        }
        event.preventDefault();
      },
      { signal, passive: type === "touchstart" },
    );
  }
}
