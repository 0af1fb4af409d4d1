// @ts-check
/**
 * The script of frame.html: it runs a widget that fills the iframe, for the page around it (page_side.js). It accepts
 * one port, from the page around it, and listens to nothing else.
 */
import { attributes, events, methods, properties } from "./names.js";
import { any, fits, list, one, receiver } from "./shapes.js";
import { separateSites } from "./site_storage.js";

const attribute = [one(attributes), "string|null|undefined"];

/** Reports whether what the page posts has its shape. */
const shapes = Object.fromEntries(
  Object.entries({
    begin: { page: "string|undefined", attributes: list(attribute), open: "boolean", whole: "boolean" },
    attribute,
    properties: list([one(properties), "string"]),
    open: "boolean",
    whole: "boolean",
    call: ["number", one(methods), list(any)],
    draft: { text: "string", start: "number", end: "number", focus: "boolean" },
  }).map(([name, shape]) => [name, (/** @type {any} */ it) => fits(shape, it)]),
);

const element = /** @type {any} */ (document.createElement("plura-chat"));

/** Whether the open panel fills the screen, by the page: on a wide screen, the iframe may be as narrow as a phone. */
let whole = false;

const sheet = new CSSStyleSheet();
sheet.replaceSync(FRAME_PAGE_CSS);
document.adoptedStyleSheets = [sheet];

const { matchMedia } = window;
window.matchMedia = (query) => {
  const media = matchMedia(query);
  return /^\(max-(width|height)/.test(query) ? Object.create(media, { matches: { get: () => whole } }) : media;
};

addEventListener("message", function first({ source, data, ports: [port], origin }) {
  if (source === parent && parent !== window && data === "plura-chat" && port) {
    removeEventListener("message", first);
    separateSites(origin);
    if (/^https?:/.test(origin)) {
      element.pageOrigin = origin; // for isOwnHost (start/host.js)
    }
    serve((message) => port.postMessage(message), port);
  }
});

/** Returns the first node with a part. @param {string} name @returns {any} */
const part = (name) => element.shadowRoot?.querySelector(`[part~=${name}]`);

/** Sets or removes an attribute of the widget. @param {string} name @param {unknown} value */
const setAttribute = (name, value) => {
  typeof value === "string" ? element.setAttribute(name, value) : element.removeAttribute(name);
};

/** Opens or closes the widget. @param {boolean} open */
const setOpen = (open) => element.toggleAttribute("open", open && element.getAttribute("mode") !== "inline");

/**
 * Serves the page.
 * @param {(message: object) => void} post
 * @param {MessagePort} port
 */
function serve(post, port) {
  addEventListener("keydown", focusComposer, true);
  addEventListener("click", submitForm, true);
  port.onmessage = receiver(shapes, {
    begin: (it) => element.isConnected || begin(it, post),
    attribute: ([name, value]) => setAttribute(name, value),
    properties: (list) =>
      list.forEach((/** @type {string[]} */ [name, value]) => element.style.setProperty(name, value)),
    open: setOpen,
    whole(is) {
      whole = is;
      dispatchEvent(new Event("resize"));
    },
    call([id, name, args]) {
      element[name](...args).then(
        (/** @type {unknown} */ value) => post({ result: [id, value] }),
        (/** @type {any} */ reason) => post({ result: [id, undefined, String(reason?.message ?? reason)] }),
      );
    },
    draft: draftReceiver(post),
  });
  post({ hello: true });
}

/**
 * Creates the widget.
 * @param {any} it what the page posts
 * @param {(message: object) => void} post
 */
function begin(it, post) {
  it.attributes.forEach((/** @type {[string, unknown]} */ [name, value]) => setAttribute(name, value));
  // The base of relative links in messages: the address of the page around, and not that of frame.html.
  /** @type {any} */ (window).pluraChatPage = it.page;
  element.setAttribute("load", "eager");
  element.setAttribute("launcher", "none");
  setOpen(it.open);
  whole = it.whole;
  for (const name of Object.keys(events)) {
    element.addEventListener("plura-chat:" + name, (/** @type {CustomEvent} */ { detail }) =>
      post({ event: [name, detail, element.state, element.unread] }),
    );
  }
  leaveOwnLinks(it.page);
  element.addEventListener("plura-wide", (/** @type {CustomEvent} */ { detail }) => post({ wide: detail.on }));
  const postFace = facePoster(post);
  element.addEventListener("plura-chat:ready", async () => {
    postFace();
    post({ ready: (await element.transcript()).length > 0 });
  });
  document.body.append(element);
  const observer = new MutationObserver(postFace);
  const changes = { subtree: true, childList: true, characterData: true };
  observer.observe(element.shadowRoot, { ...changes, attributeFilter: ["aria-label"] });
  observer.observe(document.head, changes);
}

/**
 * Leaves links to the page's own origin to the page, with links="own": the iframe must not navigate the page around it.
 * @param {string} page the page's address
 */
function leaveOwnLinks(page) {
  element.addEventListener("plura-chat:link", (/** @type {CustomEvent} */ event) => {
    try {
      if (/own/i.test(element.getAttribute("links")) && new URL(event.detail.url).origin === new URL(page).origin) {
        event.preventDefault();
      }
    } catch {} // not an address
  });
}

/**
 * Returns a function that posts what the page shows outside of the iframe, if it has changed.
 * @param {(message: object) => void} post
 */
function facePoster(post) {
  let posted = "";
  return () => {
    const face = {
      launcher: part("launcher")?.getAttribute("aria-label") ?? "",
      badge: part("badge")?.textContent ?? "",
      heading: part("heading")?.textContent ?? "",
      title: document.title,
    };
    if (posted !== JSON.stringify(face)) {
      posted = JSON.stringify(face);
      post({ face });
    }
  };
}

/**
 * Returns a function that puts the draft of the page's composer into the iframe's.
 * @param {(message: object) => void} post
 */
function draftReceiver(post) {
  /** The draft that was received last. */
  let received = "";
  return async (
    /** @type {{text: string, start: number, end: number, focus: boolean}} */ { text, start, end, focus },
  ) => {
    if (focus) {
      await element.open();
    }
    const input = part("input");
    if (!input) {
      return; // the widget has not begun, or has ended
    }
    // What was typed here after the last draft is appended to the new one.
    const more = input.value.startsWith(received) && received ? input.value.slice(received.length) : "";
    if (text) {
      input.value = (received = text) + more;
      more || input.setSelectionRange(start, end);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    post({ lent: true });
  };
}

/**
 * Focuses the composer when a character is typed. In WebKit, a script can focus nothing in an iframe of another origin
 * before the visitor has touched it or pressed a key there. The page can focus the iframe, and then the first character
 * goes to the body.
 * @param {KeyboardEvent} event
 */
function focusComposer({ key, ctrlKey, altKey, metaKey }) {
  if (key?.length === 1 && !ctrlKey && !altKey && !metaKey && document.activeElement === document.body) {
    part("input")?.focus();
  }
}

/**
 * Dispatches a form's submit event, which is all that Go needs of the form. The sandbox forbids submission, and with it
 * the browser's own event.
 * @param {Event} event
 */
function submitForm(event) {
  const button = /** @type {Element} */ (event.composedPath()[0]).closest?.("[type=submit]");
  if (button) {
    event.preventDefault();
    button.closest("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  }
}
