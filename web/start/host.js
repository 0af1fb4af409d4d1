// @ts-check
/** Completes the loader's host of an instance to what Go's mount gets. */
import { isolateEvents } from "./event_isolation.js";
import { closeOnBack, storeOpen } from "./open_state.js";
import { applyWords, drawPanel, panelSheet, updateProvisionalRows } from "./panel.js";
import { modality } from "./modal.js";
import { listenToPanel, updateModal } from "./panel_events.js";
import { completeApi, isInert } from "./public_api.js";
import { watchScrolling } from "./scroll_watch.js";
import { hasTranslation, languageTag, translate, translation } from "./translation.js";

/** @typedef {import("../loader/instance.js").Host} Host */
/** @typedef {import("../loader/element.js").Page} Page */

/**
 * What Go's mount gets: the loader's host, and this.
 * @typedef {Host & {
 *   root: ShadowRoot,
 *   signal: AbortSignal,
 *   adopt: Host["adoptSheets"],
 *   emit: (name: string, detail?: object) => boolean,
 *   emitAll: (json: string) => void,
 *   isOwnHost: (address: string) => boolean,
 *   setModal: (on: boolean) => void,
 *   watchScrolling: (rows: DocumentFragment) => void,
 *   languageTag: () => string,
 *   translation: () => string,
 *   open: boolean,
 *   state: string,
 *   unread: number,
 *   isTouched: () => unknown,
 *   crashed: (reason: string) => void,
 *   setState: (state: string) => void,
 *   releasePanel: () => void,
 *   panelToggled?: (open: boolean) => void,
 *   endEarlySocket?: () => void,
 *   callQueued?: () => void,
 *   chatOwner?: string,
 *   backWatcher?: any,
 * }} StartedHost
 */

/**
 * Draws and opens the panel as far as that is possible without Go.
 * @param {StartedHost} host
 * @param {Page} page
 */
export function completeHost(host, page) {
  const facade = new AbortController();
  addPanelMembers(host, facade);
  completeApi(page);
  host.adopt(panelSheet());
  drawPanel(host);
  applyWords(host);
  isolateEvents(host);
  // For a chat in an iframe nothing is fetched, because the page's policy may forbid it.
  if (host.attr("frame") === null && hasTranslation(host)) {
    translate(host, page).then(() => facade.signal.aborted || applyWords(host));
  }
  listenToPanel(host, facade.signal);
  showOpenPanel(host);
}

/**
 * Adds the members that Go uses (widget/host_js.go).
 * @param {Host} bare
 * @returns {StartedHost}
 */
export function addMembers(bare) {
  const host = /** @type {StartedHost} */ (bare);
  const element = /** @type {HTMLElement & {pageOrigin?: string}} */ (host.element);
  const emit = (/** @type {string} */ name, /** @type {object} */ detail) =>
    element.dispatchEvent(
      new CustomEvent("plura-chat:" + name, { detail, bubbles: true, composed: true, cancelable: true }),
    );
  Object.assign(host, {
    root: element.shadowRoot,
    signal: host.controller.signal,
    adopt: host.adoptSheets,
    emit,
    /**
     * Dispatches events of Go, each with its name and detail. One text for all of them is faster than a call for each.
     */
    emitAll(/** @type {string} */ json) {
      for (const [name, detail] of JSON.parse(json)) {
        host.signal.aborted || emit(name, detail); // a listener may have ended the instance
      }
    },
    /**
     * Reports whether an address is on the host of this page, or of the page around an iframe (frame/frame_side.js).
     * Ports do not count, because cookies ignore them.
     */
    isOwnHost(/** @type {string} */ address) {
      const name = (/** @type {string} */ url) => new URL(url).hostname.replace(/\.$/, "");
      try {
        return [location.href, element.pageOrigin || location.href].some((url) => name(url) === name(address));
      } catch {
        return true;
      }
    },
    setModal: modality(host),
    watchScrolling,
    languageTag: () => languageTag(host),
    translation: () => translation(host),
    open: !host.nodes.panel.hidden && !isInert(element),
    state: "idle",
    unread: 0,
  });
  return host;
}

/**
 * Adds the members that act on the panel until Go runs.
 * @param {StartedHost} host
 * @param {AbortController} facade aborted when Go takes the panel over
 */
function addPanelMembers(host, facade) {
  const { nodes, attributeChanged, applyAttributes } = host;
  Object.assign(
    host,
    /** @type {Partial<StartedHost>} */ ({
      setState(state) {
        nodes.panel.dataset.state = host.state = state;
        updateProvisionalRows(host);
        host.emit("status", { state });
      },
      attributeChanged(name) {
        if (name === "open") {
          storeOpen(host);
          closeOnBack(host);
        }
        attributeChanged(name);
      },
      applyAttributes() {
        applyAttributes();
        applyWords(host);
      },
      releasePanel() {
        facade.abort();
        nodes.notice?.remove();
        nodes.close.onclick = host.trigger = null;
        host.applyAttributes = () => {};
      },
    }),
  );
}

/** Does what follows from a panel that is open already. @param {StartedHost} host */
function showOpenPanel(host) {
  const { element, nodes } = host;
  if (!host.open && !nodes.panel.hidden) {
    nodes.panel.hidden = true;
    element.removeAttribute("open");
    /** @type {any} */ (element).open(); // which waits
  }
  updateModal(host);
  if (host.open && host.attr("mode") !== "inline") {
    storeOpen(host);
    closeOnBack(host);
    host.emit("open");
  }
}
