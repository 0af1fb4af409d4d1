// @ts-check
/** What follows when the panel opens or closes. */
import { keyOf, openSuffix } from "../loader/storage.js";

/** @typedef {import("./host.js").StartedHost} StartedHost */

/** Stores for this tab whether the panel is open. @param {StartedHost} host */
export function storeOpen({ element, attr }) {
  if (attr("storage") === "none") {
    return;
  }
  try {
    sessionStorage.setItem(keyOf(attr) + openSuffix, element.hasAttribute("open") ? "1" : "");
  } catch {} // forbidden or full
}

/** Makes the back gesture of a phone close an open panel, if the browser supports it. @param {StartedHost} host */
export function closeOnBack(host) {
  const { CloseWatcher } = /** @type {any} */ (window);
  host.backWatcher?.destroy();
  if (CloseWatcher && host.attr("open") !== null && matchMedia(FACTS.narrowScreen + ",(pointer:coarse)").matches) {
    host.backWatcher = new CloseWatcher({ signal: host.signal });
    host.backWatcher.onclose = () => host.call("close", []);
  }
}
