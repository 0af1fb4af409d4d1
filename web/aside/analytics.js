// @ts-check
/**
 * The module that tells the page's data layer what happens in the chat. Tag managers read the data layer. What is
 * pushed contains no text, id, phone number or address.
 */
import { safeConsole } from "../start/go_globals.js";
import { warn } from "./warning.js";
import { watch } from "./watch.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("../loader/element.js").Page} Page */

/** Returns the attribute's value. @param {Host} host */
const valueOf = ({ attr }) => (attr("analytics") ?? "").trim();

/** Reports whether the site owner wants the entries. @param {Host} host */
const isOn = (host) => /^datalayer$/i.test(valueOf(host));

/**
 * Returns a function that pushes an entry onto the data layer if the attribute says so.
 * @param {Host} host
 * @param {Page} page
 */
const pusher =
  (host, page) =>
  (/** @type {string} */ name, /** @type {object} */ members = {}) => {
    if (isOn(host)) {
      try {
        const global = /** @type {any} */ (window);
        const layer = (global.dataLayer ??= []);
        if (typeof layer.push === "function") {
          layer.push({ event: "plura_chat_" + name, ...members });
        } else {
          warn(page, "analytics", valueOf(host), "datalayer, if window.dataLayer is an array");
        }
      } catch (reason) {
        // The page's tag manager has replaced push, or the page forbids new members of window.
        safeConsole(page.nativeGlobals.console).warn("plura-chat: window.dataLayer: " + reason);
      }
    }
  };

/**
 * Returns what is pushed of a link: its kind, such as https or tel, and only of a page the host. link_host is always a
 * member, because a data layer keeps the members of earlier entries that later ones lack.
 * @param {string} address
 */
function linkMembers(address) {
  try {
    const { protocol, hostname } = new URL(address);
    return { link_kind: protocol.slice(0, -1), link_host: /^http/.test(protocol) ? hostname : undefined };
  } catch {}
}

/**
 * Pushes what happens in the chat.
 * @param {Host} host
 * @param {Page} page
 */
export function extend(host, page) {
  const { attr, element } = host;
  const push = pusher(host, page);
  /** Whether the opening of the panel was pushed. */
  let opened = false;
  /** How many messages of the conversation have reached the server on this page. */
  let sent = 0;

  const pushOpen = () => {
    if (!opened && isOn(host)) {
      opened = true;
      push("open");
    }
  };
  /** @type {Record<string, (detail: any) => unknown>} */
  const listeners = {
    open: pushOpen,
    close: () => (opened = false),
    async sent() {
      if (sent++ === 0) {
        await null; // host.call may be replaced after the event
        /** @type {any} */
        const messages = await Promise.resolve(host.call("transcript", [])).catch(() => []);
        const all = messages.filter((/** @type {any} */ { from }) => from === "visitor").length;
        // On an earlier page, the visitor may have written already. The ids do not tell, because they may be empty.
        if (all > 0 && all <= sent) {
          push("start");
        }
      }
    },
    identify: () => push("lead", {}),
    suggestion: ({ kind }) => push("suggestion", { kind: kind === "reply" ? kind : "starter" }),
    link: ({ url }) => push("link", linkMembers(url)),
    reset() {
      sent = 0;
      push("end");
    },
  };
  for (const [name, act] of Object.entries(listeners)) {
    element.addEventListener("plura-chat:" + name, (event) => act(/** @type {any} */ (event).detail), {
      signal: host.controller.signal,
    });
  }
  watch(host, ["analytics"], () => {
    const value = valueOf(host);
    if (!/^(none|datalayer|)$/i.test(value)) {
      warn(page, "analytics", value, "none, datalayer");
    }
    // The panel may have been opened before this module was there.
    if (attr("open") !== null && attr("mode") !== "inline") {
      pushOpen();
    }
  });
}
