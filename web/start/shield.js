// @ts-check
/** Keeps from the page what is meant for the chat alone. */

/** Whether an element can be scrolled. @param {Element} node */
const scrolls = (node) => {
  const { overflowX, overflowY } = getComputedStyle(node);
  return (/auto|scroll/.test(overflowY) && node.scrollHeight > node.clientHeight) || (/auto|scroll/.test(overflowX) && node.scrollWidth > node.clientWidth);
};

/** What pages listen to, beside what the loader does: so first that they do not hear of it. */
const types = "keypress keyup beforeinput input paste copy cut drop selectstart contextmenu compositionstart compositionupdate compositionend blur focusout";

/** What the chat reads of a key event. */
const keyMembers = ["key", "code", "keyCode", "repeat", "isComposing", "altKey", "ctrlKey", "metaKey", "shiftKey"];

/**
 * From outside, whatever is in the chat looks like one element, which is no field: what a page does to keys, to what is pasted or to the focus is
 * not meant for it. So such an event ends where its path begins, on window, and inside another one like it takes its place.
 * Keys on what is no field are for the page; and Escape and Tab, unless the chat stops them: a dialog of the page may hold the chat.
 * @param {import("../loader/life.js").Host} host
 */
function isolate(host) {
  const { element, nodes, heard } = host;
  host.heard = (event) => {
    const { type } = event;
    if (/^(pointerover|click)$/.test(type)) {
      return heard(event);
    }
    const path = event.composedPath();
    const [target] = path;
    const inside = path.includes(nodes.frame);
    if (inside ? !/^key/.test(type) || (target.matches("textarea,input,select") && !/^(Escape|Tab)$/.test(event.key)) : event.relatedTarget === element) {
      event.stopImmediatePropagation();
      // Of a focus that leaves for the chat the page hears as of one that leaves for nowhere: a dialog would fetch it back.
      const get = (/** @type {any} */ it, /** @type {string} */ name) => (name === "composed" ? !inside : name === "relatedTarget" ? null : it[name]);
      const members = new Proxy(event, { get });
      let copy = new event.constructor(type, members);
      if (inside && copy.composed) {
        // Firefox takes each key event for a composed one: it would come back here, and reach the page.
        copy = new Event(type, members);
        for (const name of keyMembers) {
          Object.defineProperty(copy, name, { value: event[name] });
        }
      }
      target.dispatchEvent(copy) || event.preventDefault();
    }
  };
  for (const type of types.split(" ")) {
    addEventListener(type, (event) => host.heard(event), { signal: host.life.signal, capture: true });
  }
}

/** @param {import("../loader/life.js").Host} host */
export function shield(host) {
  isolate(host);
  const { attr, nodes, life: { signal } } = host;
  const { panel } = nodes;
  // What is scrolled in the panel is not for scripts that scroll the page, or keep it from being scrolled. Behind a panel that is the screen
  // the page stands still. What scrolls in the panel ends there by overscroll-behavior.
  for (const type of ["touchstart", "touchmove", "wheel"]) {
    panel.addEventListener(
      type,
      (/** @type {any} */ event) => {
        event.stopPropagation();
        const zooms = event.ctrlKey || event.touches?.length > 1;
        if (type === "touchstart" || zooms || !event.cancelable || attr("mode") === "inline" || !matchMedia("(max-width:479px),(max-height:479px)").matches) {
          return;
        }
        for (let node = event.target; node !== panel; node = node.parentElement) {
          if (!node || scrolls(node)) {
            return;
          }
        }
        event.preventDefault();
      },
      { signal, passive: type === "touchstart" },
    );
  }
}
