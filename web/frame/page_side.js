// @ts-check
/**
 * The iframe mode: the chat runs in an iframe (frame.html) with a policy of its own, for pages whose policy forbids
 * WebAssembly. The launcher and the facade stay in the page. When the widget in the iframe is ready, the iframe takes
 * the panel's place, and does what Go does elsewhere. Both sides post messages over a MessageChannel. Its port is given
 * to the iframe made here and, by the target origin, only to a page of the script's origin. The iframe's URL contains
 * no data. start.js loads this module if the attribute frame is set.
 */
import { languageOf } from "../loader/language.js";
import { failure } from "../start/compile.js";
import { nativeGlobal } from "../start/go_globals.js";
import { newCalls } from "./calls.js";
import { draftCopier } from "./draft.js";
import { mountIframe, onIframeEvent } from "./iframe_handle.js";
import { fitIframe, isWhole, makeIframe } from "./iframe.js";
import { attributes, properties } from "./names.js";
import { pageShapes } from "./page_shapes.js";
import { newPlaceholder } from "./placeholder.js";
import { receiver } from "./shapes.js";
import { newTitleCount } from "./title_count.js";

/** @typedef {import("../start/host.js").StartedHost} StartedHost */
/** @typedef {import("../loader/element.js").Page} Page */
/** What the page's side of an iframe consists of. @typedef {ReturnType<typeof newPageSide>} PageSide */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FRAME_CSS);

/** The longest time in milliseconds that a loaded iframe may take to answer. */
const answerWithin = 10000;

/**
 * Loads the iframe. Resolves when it can take the panel's place, with the visitor's draft in its composer.
 * @param {StartedHost} host
 * @param {Page} page
 * @returns {Promise<import("../start/engine.js").Mount>}
 */
export function loadIframe(host, page) {
  const side = newPageSide(host, page);
  const {
    iframe,
    url,
    controller: { signal },
  } = side;
  return new Promise((resolve, reject) => {
    const fail = (/** @type {Error} */ reason) => {
      side.destroy();
      reject(reason);
    };
    const copyDraft = draftCopier(side, nativeGlobal(page.nativeGlobals, "setTimeout"), () =>
      resolve(() => {
        postChanges(side);
        return mountIframe(side);
      }),
    );
    const receive = receiver(pageShapes, handlers(side, copyDraft, fail));
    // The iframe loads again when the page removes the element and inserts it again.
    iframe.addEventListener("load", () => connect(side, receive, fail), { signal });
    // The end of the instance removes the listeners too: an iframe that is removed and inserted again would load in
    // vain.
    host.signal.addEventListener("abort", side.destroy, { signal });
    side.screen.addEventListener("change", () => (side.post({ whole: isWhole(side) }), fitIframe(side)), { signal });
    document.addEventListener(
      "securitypolicyviolation",
      ({ effectiveDirective, blockedURI }) => {
        if (/^(frame|child|default)-src/.test(effectiveDirective) && blockedURI.startsWith(url.origin)) {
          fail(
            failure(
              "csp",
              `the page's Content-Security-Policy forbids the frame; add ${url.origin} to its frame-src`,
              true,
            ),
          );
        }
      },
      { signal },
    );
    host.root.adoptedStyleSheets.includes(sheet) || host.adopt(sheet);
    host.nodes.panel.after(iframe);
  });
}

/**
 * Returns the state of the page's side.
 * @param {StartedHost} host
 * @param {Page} page
 */
function newPageSide(host, page) {
  const { attr, nodes } = host;
  const url = new URL("frame.html", page.loaderScript.src);
  const setTimeout = nativeGlobal(page.nativeGlobals, "setTimeout");
  const clearTimeout = nativeGlobal(page.nativeGlobals, "clearTimeout");
  /** @type {unknown} */
  let timer;
  const post = (/** @type {object} */ message) => side.port?.postMessage(message);
  const side = {
    host,
    url,
    iframe: makeIframe(host, url),
    inline: attr("mode") === "inline",
    screen: matchMedia(FACTS.narrowScreen),
    controller: new AbortController(),
    placeholder: newPlaceholder(host, url.origin),
    title: newTitleCount(host),
    calls: newCalls(post),
    post,
    port: /** @type {MessagePort | undefined} */ (undefined),
    startTimer: (/** @type {() => void} */ act, /** @type {number} */ delay) => {
      timer = setTimeout(act, delay);
    },
    stopTimer: () => clearTimeout(timer),
    /** The iframe's events before it took the panel's place; undefined afterwards. */
    waiting: /** @type {any[] | undefined} */ ([]),
    /** Whether the visitor's focus was in the facade's composer. */
    focused: false,
    /** The newest state that the page has dispatched. */
    state: host.state,
    /** Returns an attribute for the iframe's widget, which cannot read the language of the page. */
    attributeValue: (/** @type {string} */ name) => (name === "lang" ? languageOf(host) : host.attr(name)),
    /** The attributes for the iframe's widget, as they were when it began. @type {[string, string | null][]} */
    begun: [],
    postProperties() {
      const style = getComputedStyle(nodes.frame);
      post({ properties: properties.map((name) => [name, style.getPropertyValue(name)]) });
    },
    /** Passes the queued calls to the iframe. */
    passQueue: () => host.queue.splice(0).forEach((call) => side.calls.call(...call)),
    destroy() {
      side.controller.abort();
      side.calls.rejectAll("the chat was destroyed");
      side.title.remove();
      side.port?.close();
      side.iframe.remove();
    },
  };
  return side;
}

/**
 * Gives the loaded iframe a port, and what its widget begins with.
 * @param {PageSide} side
 * @param {(event: {data: any}) => void} receive gets the iframe's messages
 * @param {(reason: Error) => void} fail
 */
function connect(side, receive, fail) {
  const { host, iframe, url } = side;
  side.calls.rejectAll("the chat's frame was loaded anew");
  side.port?.close();
  const channel = new MessageChannel();
  side.port = channel.port1;
  side.port.onmessage = receive;
  side.stopTimer();
  side.startTimer(() => side.waiting && fail(failure("frame", url.href + " does not answer")), answerWithin);
  try {
    /** @type {Window} */ (iframe.contentWindow).postMessage("plura-chat", url.origin, [channel.port2]);
  } catch (reason) {
    return fail(failure("frame", /** @type {Error} */ (reason).message, true));
  }
  side.begun = attributes.map((name) => [name, side.attributeValue(name)]);
  side.post({
    begin: {
      page: location.href,
      attributes: side.begun,
      open: !(side.waiting ? host.nodes.panel : iframe).hidden,
      whole: isWhole(side),
    },
  });
  side.postProperties();
}

/** Posts the attributes that have changed since the iframe's widget began. @param {PageSide} side */
function postChanges(side) {
  for (const [name, value] of side.begun) {
    const now = side.attributeValue(name);
    if (now !== value) {
      side.post({ attribute: [name, now] });
    }
  }
}

/**
 * Returns what handles the iframe's messages, by the names of their shapes.
 * @param {PageSide} side
 * @param {() => void} copyDraft
 * @param {(reason: Error) => void} fail
 * @returns {Record<string, (it: any) => void>}
 */
function handlers(side, copyDraft, fail) {
  const { launcher, badge } = side.host.nodes;
  return {
    hello: side.stopTimer,
    ready(hasConversation) {
      side.placeholder.update(hasConversation);
      copyDraft();
    },
    lent: copyDraft,
    event(it) {
      if (!side.waiting) {
        onIframeEvent(side, it);
        return;
      }
      side.waiting.push(it);
      const [name, detail] = it;
      if (name === "error" && /^(csp|download|exit|internal|panic|unsupported)$/.test(detail.code)) {
        fail(failure(detail.code, detail.message, /^(csp|unsupported)$/.test(detail.code)));
      }
    },
    result: side.calls.answer,
    /** The visitor has widened the panel (aside/expand.js), or undone that. */
    wide(on) {
      side.iframe.dataset.wide = String(on);
    },
    face(it) {
      if (launcher) {
        launcher.setAttribute("aria-label", it.launcher);
        badge.textContent = it.badge;
        badge.hidden = !it.badge;
      }
      side.iframe.title = it.heading;
      side.title.show(it.title);
    },
  };
}
