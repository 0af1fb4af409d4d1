// @ts-check
/** What a ready iframe does in place of Go: it takes the panel's place, and gets calls and attributes. */
import { fitIframe, showIframe } from "./iframe.js";
import { attributes } from "./names.js";
import { detailOf } from "./page_shapes.js";

/** @typedef {import("./page_side.js").PageSide} PageSide */

/**
 * Puts the iframe in the panel's place.
 * @param {PageSide} side
 * @returns {import("../start/engine.js").Handle}
 */
export function mountIframe(side) {
  const {
    host,
    iframe,
    controller: { signal },
  } = side;
  const { nodes } = host;
  const open = !nodes.panel.hidden;
  const events = /** @type {any[]} */ (side.waiting);
  side.waiting = undefined;
  host.crashed = () => {}; // a crash of Go in this page does not concern the iframe
  host.setModal(false); // which has made the iframe inert
  nodes.panel.remove();
  nodes.panel = iframe;
  iframe.setAttribute("part", "panel");
  iframe.className = "";
  side.passQueue();
  if (side.focused && open) {
    setOpen(side, true);
  } else {
    showIframe(side, open);
    side.post({ open });
  }
  const fit = () => fitIframe(side);
  nodes.launcher?.addEventListener("click", () => setOpen(side, iframe.hidden), { signal });
  visualViewport?.addEventListener("resize", fit, { signal });
  visualViewport?.addEventListener("scroll", fit, { signal });
  // The facade has dispatched open and close.
  events.filter(([name]) => !/^(open|close)$/.test(name)).forEach((event) => onIframeEvent(side, event));
  return {
    call(
      /** @type {string} */ name,
      /** @type {unknown[]} */ args,
      /** @type {Function} */ resolve,
      /** @type {Function} */ reject,
    ) {
      if (/^(open|close|toggle)$/.test(name)) {
        resolve(setOpen(side, name === "toggle" ? iframe.hidden : name === "open"));
      } else {
        if (name === "draft") {
          setOpen(side, true);
        }
        side.calls.call(name, args, resolve, reject);
      }
    },
    changed: (name) => attributeChanged(side, name),
    destroy: side.destroy,
  };
}

/** Reports whether an address leads to a page of this page's origin. @param {string} url */
function isOwnPage(url) {
  try {
    const { protocol, origin } = new URL(url);
    return /^https?:$/.test(protocol) && origin === location.origin; // blob: has an origin, too
  } catch {
    return false;
  }
}

/**
 * Follows a link of a message that the iframe has left to the page: with links="own", one to the page's own origin. The
 * browser reports whether the visitor has just clicked, in the iframe or in the page.
 * @param {PageSide} side
 * @param {string} url
 */
function followLink({ host }, url) {
  const clicked = navigator.userActivation?.isActive ?? true;
  if (host.emit("link", { url }) && /own/i.test(host.attr("links") ?? "") && clicked && isOwnPage(url)) {
    location.assign(url);
  }
}

/** Opens or closes the panel without waiting for the iframe. @param {PageSide} side @param {boolean} open */
function setOpen(side, open) {
  showIframe(side, open);
  if (open) {
    side.iframe.focus({ preventScroll: true });
  }
  side.calls.call(
    open ? "open" : "close",
    [],
    () => {},
    () => {},
  );
}

/** @param {PageSide} side @param {string} name */
function attributeChanged(side, name) {
  const { host, iframe, inline } = side;
  const { launcher } = host.nodes;
  const open = host.element.hasAttribute("open");
  if (name === "open" && !inline && open === iframe.hidden) {
    showIframe(side, open);
    side.post({ open });
  } else if (name === "launcher" && launcher) {
    launcher.hidden = ![null, "", "default"].includes(host.attr(name));
  } else if (attributes.includes(name)) {
    side.post({ attribute: [name, side.attributeValue(name)] });
  }
  side.postProperties(); // a class or a style may change them too
}

/**
 * Dispatches an event of the iframe's widget on the page.
 * @param {PageSide} side
 * @param {[string, any, string, number]} event
 */
export function onIframeEvent(side, [name, detail, now, unread]) {
  const { host } = side;
  [host.state, host.unread] = [now, unread];
  side.placeholder.onEvent(name);
  const open = name === "open";
  const sameState = name === "status" && detail.state === side.state;
  if ((sameState && detail.reason === undefined) || ((open || name === "close") && host.open === open)) {
    return; // the facade has dispatched it, whose states have no reason
  }
  if (name === "status") {
    side.state = detail.state;
  } else if (open || name === "close") {
    host.open = open;
    showIframe(side, open);
  }
  if (name === "link") {
    return followLink(side, detail.url);
  }
  host.emit(name, detailOf(name, detail));
}
