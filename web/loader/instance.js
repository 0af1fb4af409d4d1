// @ts-check
/**
 * One instance of a widget: from the drawing of its launcher until it is destroyed, removed from the page, or crashes.
 */
import { loadAside, loadStart } from "./download.js";
import { draw, maker } from "./facade.js";
import { languageOf } from "./language.js";
import { error, setTimeout } from "./native_globals.js";
import { ownLaunchers } from "./own_launchers.js";
import { hasConversation, keyOf, openSuffix, textSuffix, webStorage } from "./storage.js";

/**
 * A call of a method: its name, its arguments, and the functions of its promise.
 * @typedef {[name: string, args: unknown[], resolve: Function, reject: Function]} Call
 */

/**
 * What start.js gets, completes, and hands over to Go.
 * @typedef {object} Host
 * @property {HTMLElement} element
 * @property {string} snapshotKey the key of its flow's snapshot
 * @property {import("./facade.js").Nodes} nodes
 * @property {ReturnType<typeof import("./facade.js").maker>} makePart
 * @property {AbortController} controller aborted at the end of the instance. Its signal removes listeners
 * @property {(name: string) => string | null} attr reads an attribute: null for a flag that is "false", in lower case
 *   if its values are from a list
 * @property {boolean} [requested] whether start.js has been requested
 * @property {(...sheet: CSSStyleSheet[]) => CSSStyleSheet[]} adoptSheets adds style sheets, and sets those that were
 *   added before: when the element is moved to another document and back, the browser removes them
 * @property {(snapshot?: string) => string | undefined} snapshot reads the stored snapshot, or writes it
 * @property {(event: any) => void} pageEvent handles an event of the page
 * @property {HTMLElement | null} trigger the node that loads the chat when the visitor points at it or focuses it; null
 *   once Go runs
 * @property {Call[]} queue calls for Go
 * @property {(name: string, args: unknown[]) => unknown} call calls a method other than destroy
 * @property {(open: boolean) => void} showPanel opens or closes the panel, until Go does; an inline one is always open,
 *   and to open it loads the chat
 * @property {() => void} applyAttributes applies the attributes to the nodes, until Go does
 * @property {(name: string) => void} attributeChanged
 */

/** Returns the function attr of an element's host. @param {HTMLElement} element @returns {Host["attr"]} */
const attributesOf = (element) => (name) => {
  const value = element.getAttribute(name);
  const word = value && value.trim().toLowerCase();
  return word === "false" && name !== "reconnect" ? null : /mode|load|storage/.test(name) ? word : value;
};

/**
 * Creates an instance and draws it. Its parts are closures of one function, because the loader has no bytes left for
 * passing what they share: as functions of the module they cost 45 bytes more (brotli).
 * @param {HTMLElement} element
 * @param {import("./element.js").Page} page
 * @returns {Host}
 * @throws if the flow id is invalid or the browser is too old
 */
export const createInstance = (element, page) => {
  const attr = attributesOf(element);
  const flow = attr("flow-id") || "";
  if (!/^[\da-f]{8}(-[\da-f]{4}){4}[\da-f]{8}$/i.test(flow)) {
    throw `flow-id "${flow}" must be a UUID`;
  }

  const key = keyOf(attr);
  const inline = attr("mode") === "inline";
  /** @type {import("./facade.js").Nodes} */
  const nodes = {};
  const makePart = maker(nodes);
  const frame = draw(makePart);
  const { launcher, panel, input, log } = nodes;
  const root = /** @type {ShadowRoot} */ (element.shadowRoot);
  const sheet = new CSSStyleSheet(); // an old browser throws here, before anything is on the page
  sheet.replaceSync(CORE_CSS);
  let sheets = [sheet];

  const load = async () => {
    if (!host.requested) {
      host.requested = true;
      nodes.notice?.remove();
      try {
        (await loadStart(attr("frame"))).start(host, page);
      } catch (reason) {
        error(reason);
        // start/kept_text.js restores it after a reload.
        input.oninput = () =>
          webStorage(
            attr("storage") === "none" ? "none" : "session",
            key + textSuffix,
            log.innerText + "\n" + input.value,
          );
        log.innerText + input.value && input.oninput();
        try {
          await (await loadAside(attr("frame"))).notify(host, page, reason, load);
        } catch {
          nodes.composer.before(makePart("p", "notice", "The chat could not load. Please reload."));
        }
        host.requested = false;
      }
    }
  };

  const showPanel = (/** @type {boolean} */ open) => {
    panel.hidden = !open && !inline;
    inline || element.toggleAttribute("open", open);
    open && load();
  };

  /** Queues the composer's text as a message for Go. */
  const submit = () => {
    const text = input.value.trim();
    // A text that is too long stays in the composer; Go says so.
    if (text && !text[FACTS.textLimit]) {
      input.value = "";
      log.append(makePart("p", "message", text)); // start.js draws it anew
      /** @type {Promise<unknown>} */ (host.call("send", [text])).catch(() => {}); // Go tells the visitor
    }
  };

  // Some pages are never idle.
  const onIdle = (/** @type {() => void} */ act) =>
    /** @type {any} */ (window.requestIdleCallback || setTimeout)(act, { timeout: 2e3 });

  /** The request for aside.js. @type {unknown} */
  let extended;

  /** @type {Host} */
  const host = {
    element,
    snapshotKey: key,
    nodes,
    makePart,
    controller: new AbortController(),
    attr,
    queue: [],
    trigger: inline ? panel : launcher,
    showPanel,
    call(name, args) {
      if (/open|close|toggle/.test(name)) {
        showPanel(name === "toggle" ? panel.hidden : name === "open");
        input.focus();
      } else {
        return new Promise((resolve, reject) => {
          host.queue.push([name, args, resolve, reject]);
          load();
        });
      }
    },
    applyAttributes() {
      // A value that is not a direction has no effect.
      frame.dir = /** @type {any} */ (RegExp(FACTS.rightToLeft, "i").test(languageOf(host)) && "rtl");
      launcher.setAttribute("aria-label", attr("launcher-label") || "Open chat");
      launcher.hidden = inline || !/^(default|null|)$/i.test(/** @type {any} */ (attr("launcher")));
      showPanel(attr("open") !== null);
    },
    attributeChanged() {
      const color = /** @type {any} */ (attr("color")); // null is no colour, either
      frame.style.setProperty("--plura-accent", CSS.supports("color", color) ? color : "");
      [launcher, ...ownLaunchers(attr)].forEach((node) =>
        node.setAttribute("aria-expanded", /** @type {any} */ (attr("open") !== null)),
      );
      host.applyAttributes();
      extended ||=
        (inline ||
          RegExp(FACTS.featureHint).test(/** @type {any} */ (element.getAttributeNames())) ||
          !/^en/i.test(languageOf(host))) &&
        onIdle(() =>
          loadAside(attr("frame"))
            .then((module) => module.extend(host, page))
            .catch(error),
        );
    },
    adoptSheets: (...more) => (root.adoptedStyleSheets = sheets = [...sheets, ...more]),
    snapshot: (snapshot) => webStorage(attr("storage"), key, snapshot),
    pageEvent(event) {
      const { type } = event;
      const path = event.composedPath();
      const isKey = type === "keydown";
      if (!isKey) {
        const own = ownLaunchers(attr).some((node) => path.includes(node));
        if (own || path.includes(host.trigger)) {
          if (type === "click") {
            own && event.preventDefault(); // a link, or a button of a form
            /** @type {any} */ (element)[inline ? "open" : "toggle"]();
          } else {
            load();
          }
        }
      }
      // The page does not get keys and focus events from inside the widget. start/event_isolation.js replaces this.
      if (path.includes(frame) && (isKey ? path[0] === input && !/Escape|Tab/.test(event.key) : /^f/.test(type))) {
        event.stopImmediatePropagation();
        // keyCode and not key: an Enter that belongs to an input method has the code 229.
        if (event.keyCode === 13 && !event.shiftKey) {
          event.preventDefault();
          submit();
        }
      }
    },
  };

  host.adoptSheets();
  root.append(frame);
  host.attributeChanged("");

  // start.js replaces these.
  nodes.close.onclick = () => showPanel(false);
  nodes.send.onclick = submit;

  const when = attr("load");
  if (when === "idle" || hasConversation(host.snapshot())) {
    onIdle(load);
  } else if (when === "eager") {
    load();
  }
  // In a narrower window the panel would cover the page, without an act of the visitor on this page.
  if (webStorage("session", key + openSuffix) && innerWidth > FACTS.narrowWidth) {
    showPanel(true);
  }
  return host;
};
