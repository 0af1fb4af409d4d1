// @ts-check
/**
 * The attribute frame: the chat runs in an iframe (frame.html) under a policy of its own, for pages whose policy forbids WebAssembly.
 * Launcher and facade stay in the page. When the widget in the frame is ready, the frame takes the panel's place; to the rest of this
 * module it is what Go is elsewhere. Both sides talk over a MessageChannel, whose port goes to the frame that was made here and, by the
 * target origin, to no page but one of the script's origin. Nothing travels in the frame's URL. A module of its own, which start.js loads where
 * the attribute stands.
 */
import { failure } from "../start/compile.js";
import { taking } from "./shapes.js";
import { attributes, events, properties } from "./names.js";
import { mark } from "./mark.js";
import { native } from "../start/scope.js";
import { opener } from "../start/opener.js";
import { languageOf } from "../start/translation.js";

/** @typedef {import("../start/skeleton.js").Full} Full */
/** @typedef {import("../start/skeleton.js").Page} Page */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FRAME_CSS);

/** How long a frame that has loaded may take to answer, in milliseconds. */
const patience = 10000;

/** What an event's detail has: texts, but for two. @param {string} name of the event */
const known = (name) => events[name].split(" ").filter(String);
const types = /** @type {Record<string, string>} */ ({ resumed: "boolean", count: "number" });
const states = /^(idle|loading|connecting|online|reconnecting|offline|failed)$/;

/** Whether what the frame says has its shape. @type {Record<string, (it: any) => unknown>} */
const shapes = {
  hello: () => true,
  ready: () => true,
  lent: () => true,
  event: (it) =>
    Array.isArray(it) &&
    [0, 2, 3].map((i) => typeof it[i]).join() === "string,string,number" &&
    Object.hasOwn(events, it[0]) &&
    known(it[0]).every((key) => typeof it[1]?.[key] === (types[key] ?? "string")) &&
    (it[0] !== "status" || states.test(it[1].state)) &&
    states.test(it[2]),
  result: (it) => Array.isArray(it) && /^[su]/.test(typeof it[2]), // the reason of a failure is a string, or there is none
  face: (it) => ["launcher", "badge", "heading", "title"].every((name) => typeof it?.[name] === "string" && it[name].length < 300),
};

/** What the page's title is in the frame: it takes the place of the real one in "(2) Chat". */
const title = "Chat";

/**
 * Loads the frame. Resolves when it can take the panel's place, with what the visitor has written so far in its composer.
 * @param {Full} host
 * @param {Page} page
 * @returns {Promise<import("../start/engine.js").Mount>}
 */
export function reach(host, page) {
  const { element, nodes, root, attr } = host;
  const { panel, input, launcher, badge } = nodes;
  const url = new URL("frame.html", page.script.src);
  const inline = attr("mode") === "inline";
  const screen = matchMedia("(max-width:479px),(max-height:479px)");
  const begun = mark(host, url.origin);
  const life = new AbortController();
  const { signal } = life;
  const frame = Object.assign(document.createElement("iframe"), {
    className: "waiting",
    hidden: panel.hidden,
    allow: "autoplay; clipboard-write",
    // No top navigation, no forms that are sent, no dialogs of the browser's. What has the origin of the page is not held by it.
    sandbox: "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads",
    referrerPolicy: "no-referrer",
    title: nodes.heading.textContent,
  });
  frame.src = url.href;

  /** @type {MessagePort | undefined} */
  let port;
  /** Calls that the frame has not answered. @type {Map<number, {resolve: Function, reject: Function}>} */
  const calls = new Map();
  let called = 0;
  /** What has happened in the frame before it took the panel's place; then nothing waits. @type {any[] | undefined} */
  let waiting = [];
  /** The text that the frame's composer holds. @type {string | undefined} */
  let lent;
  let focused = false;
  let state = host.state;
  const counted = { own: "", set: "" };

  const post = (/** @type {object} */ message) => port?.postMessage(message);
  const whole = () => !inline && screen.matches;
  /** What the frame's widget has for an attribute: it sees no page around it whose language it could speak. */
  const given = (/** @type {string} */ name) => (name === "lang" ? languageOf(host) : attr(name));
  const dress = () => {
    const style = getComputedStyle(nodes.frame);
    post({ properties: properties.map((name) => [name, style.getPropertyValue(name)]) });
  };

  const call = (/** @type {string} */ name, /** @type {unknown[]} */ args, /** @type {Function} */ resolve, /** @type {Function} */ reject) => {
    try {
      // As Go would take it: what JSON cannot say does not reach it either way.
      post({ call: [++called, name, name === "send" ? [String(args[0])] : JSON.parse(JSON.stringify(args))] });
      calls.set(called, { resolve, reject });
    } catch (reason) {
      reject(reason);
    }
  };
  const drain = () => host.queue.splice(0).forEach(({ name, args, resolve, reject }) => call(name, args, resolve, reject));
  const dropCalls = (/** @type {string} */ why) => {
    calls.forEach(({ reject }) => reject(new Error(why)));
    calls.clear();
  };

  /** Shows or hides the frame. */
  const show = (/** @type {boolean} */ open) => {
    const had = root.activeElement === frame;
    frame.hidden = !open && !inline;
    if (!inline) {
      element.toggleAttribute("open", open);
    }
    fit();
    if (!open && had) {
      opener(host)?.focus({ preventScroll: true });
    }
  };

  /** What a phone's keyboard leaves of the screen; the frame itself does not hear of it. */
  const fit = () => {
    const { visualViewport } = window;
    for (const [name, value] of [["top", visualViewport?.offsetTop], ["height", visualViewport?.height]]) {
      frame.style.setProperty("--visual-" + name, whole() && value !== undefined ? Math.floor(+value) + "px" : "");
    }
  };

  /** Puts the count of unread messages into the page's title, as the frame has it in its own. */
  const count = (/** @type {string} */ text) => {
    if (text !== title && text.includes(title)) {
      if (!counted.set || document.title !== counted.set) {
        counted.own = document.title;
      }
      document.title = text.replace(title, () => counted.own);
      counted.set = document.title;
    } else if (text === title && counted.set && document.title === counted.set) {
      document.title = counted.own;
      counted.set = "";
    }
  };

  const happened = (/** @type {[string, any, string, number]} */ [name, detail, now, unread]) => {
    [host.state, host.unread] = [now, unread];
    begun.heard(name);
    const open = name === "open";
    if ((name === "status" && detail.state === state) || ((open || name === "close") && host.open === open)) {
      return; // the page knows it from the facade
    }
    if (name === "status") {
      state = detail.state;
    } else if (open || name === "close") {
      host.open = open;
      show(open);
    }
    const keys = known(name);
    host.emit(name, keys.length ? Object.fromEntries(keys.map((key) => [key, detail[key]])) : undefined);
  };

  /** @returns {import("../start/engine.js").Handle} */
  const mount = () => {
    const open = !panel.hidden;
    const earlier = /** @type {any[]} */ (waiting);
    waiting = undefined;
    host.fell = () => {}; // it is Go in this page that has died
    panel.remove();
    nodes.panel = frame;
    frame.setAttribute("part", "panel");
    frame.className = "";
    drain();
    if (focused && open) {
      turn(true);
    } else {
      show(open);
      post({ open });
    }
    launcher?.addEventListener("click", () => turn(frame.hidden), { signal });
    visualViewport?.addEventListener("resize", fit, { signal });
    visualViewport?.addEventListener("scroll", fit, { signal });
    earlier.filter(([name]) => !/^(open|close)$/.test(name)).forEach(happened); // those the facade has told
    return {
      call(/** @type {string} */ name, /** @type {unknown[]} */ args, /** @type {Function} */ resolve, /** @type {Function} */ reject) {
        if (/^(open|close|toggle)$/.test(name)) {
          resolve(turn(name === "toggle" ? frame.hidden : name === "open"));
        } else {
          call(name, args, resolve, reject);
        }
      },
      changed,
      destroy,
    };
  };

  /** Opens or closes for the visitor or the page: at once, whatever the frame is busy with. */
  const turn = (/** @type {boolean} */ open) => {
    show(open);
    if (open) {
      frame.focus({ preventScroll: true });
    }
    call(open ? "open" : "close", [], () => {}, () => {});
  };

  const changed = (/** @type {string} */ name) => {
    const open = element.hasAttribute("open");
    if (name === "open" && !inline && open === frame.hidden) {
      show(open);
      post({ open });
    } else if (name === "launcher" && launcher) {
      launcher.hidden = ![null, "", "default"].includes(attr(name));
    } else if (attributes.includes(name)) {
      post({ attribute: [name, given(name)] });
    }
    dress(); // by a class or a style just as well
  };

  const destroy = () => {
    life.abort();
    dropCalls("the chat was destroyed");
    count(title);
    port?.close();
    frame.remove();
  };

  return new Promise((resolve, reject) => {
    const fail = (/** @type {Error} */ reason) => {
      destroy();
      reject(reason);
    };

    /** Lends the frame what is in the facade's composer, until nothing has been written while that was under way. */
    const lend = () => {
      if (!waiting || composing) {
        return;
      }
      drain();
      focused ||= root.activeElement === input;
      const { value, selectionStart, selectionEnd } = input;
      if (lent === value) {
        resolve(mount);
      } else {
        lent = value;
        post({ draft: { text: value, start: selectionStart, end: selectionEnd, focus: focused } });
      }
    };
    let composing = false;
    for (const type of ["compositionstart", "compositionend"]) {
      input.addEventListener(
        type,
        () => {
          composing = type === "compositionstart";
          lent === undefined || setTimeout(lend); // once the text is there
        },
        { signal },
      );
    }

    /** What to do about what the frame says, by the names of shapes. @type {Record<string, (it: any) => void>} */
    const hear = {
      hello: () => clearTimeout(timer),
      ready: (has) => {
        begun.is(has);
        lend();
      },
      lent: lend,
      event(it) {
        if (!waiting) {
          happened(it);
          return;
        }
        waiting.push(it);
        const [name, detail] = it;
        if (name === "error" && /^(csp|download|exit|internal|panic|unsupported)$/.test(detail.code)) {
          fail(failure(detail.code, detail.message, /^(csp|unsupported)$/.test(detail.code)));
        }
      },
      result([id, value, error]) {
        const { resolve, reject } = calls.get(id) ?? {};
        calls.delete(id);
        error === undefined ? resolve?.(value) : reject?.(new Error(error));
      },
      face(it) {
        if (launcher) {
          launcher.setAttribute("aria-label", it.launcher);
          badge.textContent = it.badge;
          badge.hidden = !it.badge;
        }
        frame.title = it.heading;
        count(it.title);
      },
    };

    const setTimeout = native(page.natives, "setTimeout");
    const clearTimeout = native(page.natives, "clearTimeout");
    /** @type {unknown} */
    let timer;
    // More than once, when the page takes the element out and puts it back.
    const connect = () => {
      dropCalls("the chat's frame was loaded anew");
      port?.close();
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = taking(shapes, hear);
      clearTimeout(timer);
      timer = setTimeout(() => waiting && fail(failure("frame", url.href + " does not answer")), patience);
      try {
        /** @type {Window} */ (frame.contentWindow).postMessage("plura-chat", url.origin, [channel.port2]);
      } catch (reason) {
        return fail(failure("frame", /** @type {Error} */ (reason).message, true));
      }
      post({ begin: { page: location.href, attributes: attributes.map((name) => [name, given(name)]), open: !(waiting ? panel : frame).hidden, whole: whole() } });
      dress();
    };
    frame.addEventListener("load", connect, { signal });
    // Takes the listeners off; afterwards a frame that is taken away would be loaded anew in vain.
    host.signal.addEventListener("abort", destroy, { signal });
    screen.addEventListener("change", () => (post({ whole: whole() }), fit()), { signal });
    document.addEventListener(
      "securitypolicyviolation",
      ({ effectiveDirective, blockedURI }) => {
        if (/^(frame|child|default)-src/.test(effectiveDirective) && blockedURI.startsWith(url.origin)) {
          fail(failure("csp", `the page's Content-Security-Policy forbids the frame; add ${url.origin} to its frame-src`, true));
        }
      },
      { signal },
    );
    root.adoptedStyleSheets.includes(sheet) || host.wear(sheet);
    panel.after(frame);
  });
}
