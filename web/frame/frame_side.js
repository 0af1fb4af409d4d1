// @ts-check
/**
 * The script of frame.html: runs a widget that fills the frame for the page around it (page_side.js), which hands it a port. It takes the first
 * port that comes from the page around it, and nothing else from nobody.
 */
import { apart } from "./apart.js";
import { any, fits, list, one, taking } from "./shapes.js";
import { attributes, events, methods, properties } from "./names.js";

const attribute = [one(attributes), "string|null|undefined"];

/** What the page says, by its shape. */
const shapes = Object.fromEntries(
  Object.entries({
  begin: { attributes: list(attribute), open: "boolean", whole: "boolean" },
  attribute,
  properties: list([one(properties), "string"]),
  open: "boolean",
  whole: "boolean",
  call: ["number", one(methods), list(any)],
  draft: { text: "string", start: "number", end: "number", focus: "boolean" },
  }).map(([name, shape]) => [name, (/** @type {any} */ it) => fits(shape, it)]),
);

const element = /** @type {any} */ (document.createElement("plura-chat"));
/** The frame is as narrow as a phone where the screen is not. */
let whole = false;

const sheet = new CSSStyleSheet();
sheet.replaceSync(FRAME_PAGE_CSS);
document.adoptedStyleSheets = [sheet];

const { matchMedia } = window;
/** Whether the panel is the screen is seen from the page around. */
window.matchMedia = (query) => {
  const media = matchMedia(query);
  return /^\(max-(width|height)/.test(query) ? Object.create(media, { matches: { get: () => whole } }) : media;
};

addEventListener("message", function first({ source, data, ports: [port], origin }) {
  if (source === parent && parent !== window && data === "plura-chat" && port) {
    removeEventListener("message", first);
    apart(origin);
    if (/^https?:/.test(origin)) {
      element.around = origin; // whose host no picture is to be on either (start/skeleton.js)
    }
    serve(port);
  }
});

/** @param {MessagePort} port */
function serve(port) {
  const post = (/** @type {object} */ message) => port.postMessage(message);
  const put = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    typeof value === "string" ? element.setAttribute(name, value) : element.removeAttribute(name);
  };
  /** The first node with that part. @returns {any} */
  const part = (/** @type {string} */ name) => element.shadowRoot?.querySelector(`[part~=${name}]`);

  let told = "";
  /** Tells what the page shows of the chat outside of the frame. */
  const face = () => {
    const it = {
      launcher: part("launcher")?.getAttribute("aria-label") ?? "",
      badge: part("badge")?.textContent ?? "",
      heading: part("heading")?.textContent ?? "",
      title: document.title,
    };
    if (told !== JSON.stringify(it)) {
      told = JSON.stringify(it);
      post({ face: it });
    }
  };

  /** The text that the page's composer had when it was last asked. */
  let lent = "";

  /** What to do about what the page says, by the names of shapes. @type {Record<string, (it: any) => unknown>} */
  const hear = {
    begin(it) {
      if (element.isConnected) {
        return;
      }
      it.attributes.forEach((/** @type {[string, unknown]} */ [name, value]) => put(name, value));
      // What relative links in messages go out from: frame.html is not where the visitor is.
      /** @type {any} */ (window).pluraChatPage = it.page;
      element.setAttribute("load", "eager");
      element.setAttribute("launcher", "none");
      element.toggleAttribute("open", it.open && element.getAttribute("mode") !== "inline");
      whole = it.whole;
      for (const name of Object.keys(events)) {
        element.addEventListener("plura-chat:" + name, (/** @type {CustomEvent} */ { detail }) => post({ event: [name, detail, element.state, element.unread] }));
      }
      element.addEventListener("plura-chat:ready", async () => {
        face();
        post({ ready: (await element.transcript()).length > 0 });
      });
      document.body.append(element);
      const observer = new MutationObserver(face);
      observer.observe(element.shadowRoot, { subtree: true, childList: true, characterData: true, attributeFilter: ["aria-label"] });
      observer.observe(document.head, { subtree: true, childList: true, characterData: true });
    },
    attribute: ([name, value]) => put(name, value),
    properties: (list) => list.forEach((/** @type {string[]} */ [name, value]) => element.style.setProperty(name, value)),
    open: (open) => element.toggleAttribute("open", open && element.getAttribute("mode") !== "inline"),
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
    async draft({ text, start, end, focus }) {
      if (focus) {
        await element.open();
      }
      const input = part("input");
      if (!input) {
        return; // the chat has not begun, or has ended
      }
      // What has been typed here meanwhile comes after it.
      const more = input.value.startsWith(lent) && lent ? input.value.slice(lent.length) : "";
      if (text) {
        input.value = (lent = text) + more;
        more || input.setSelectionRange(start, end);
        input.dispatchEvent(new Event("input", { bubbles: true }));
      }
      post({ lent: true });
    },
  };
  // WebKit lets no script focus anything in a frame of another origin before the visitor has touched it or pressed a key there. The page can
  // give the frame the focus all the same, and then the first letter is meant for the composer.
  const type = (/** @type {KeyboardEvent} */ { key, ctrlKey, altKey, metaKey }) => {
    if (key?.length === 1 && !ctrlKey && !altKey && !metaKey && document.activeElement === document.body) {
      part("input")?.focus();
    }
  };
  addEventListener("keydown", type, true);
  // The sandbox lets no form be sent, and for that matter keeps the event from it as well, which is all that the form is for.
  const submit = (/** @type {Event} */ event) => {
    const button = /** @type {Element} */ (event.composedPath()[0]).closest?.("[type=submit]");
    if (button) {
      event.preventDefault();
      button.closest("form")?.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    }
  };
  addEventListener("click", submit, true);
  port.onmessage = taking(shapes, hear);
  post({ hello: true });
}
