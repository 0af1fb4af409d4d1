// @ts-check
/** Keeps apart in the iframe what belongs to different sites. */
import { openSuffix } from "../loader/storage.js";

/**
 * Gives each site names of its own in storage, channels and locks. All sites that name the same script share the origin
 * of its iframe. Browsers keep the storage of an iframe apart for each site around it; in a browser that does not, one
 * site could read in its iframe what a visitor has said on another. A page of the iframe's own origin has the plain
 * names, with which it finds the same conversation without an iframe.
 * @param {string} origin of the page around
 */
export function separateSites(origin) {
  const prefix = origin === location.origin ? "" : origin + " ";
  for (const kind of ["localStorage", "sessionStorage"]) {
    try {
      Object.defineProperty(window, kind, { value: view(/** @type {any} */ (window)[kind], prefix) });
    } catch {} // the storage is forbidden
  }
  if (!prefix) {
    return;
  }
  const { BroadcastChannel, LockManager } = window;
  if (BroadcastChannel) {
    window.BroadcastChannel = class extends BroadcastChannel {
      /** @param {string} name */
      constructor(name) {
        super(prefix + name);
      }
    };
  }
  if (LockManager) {
    const { request } = LockManager.prototype;
    LockManager.prototype.request = function (/** @type {string} */ name, /** @type {any[]} */ ...rest) {
      return /** @type {any} */ (request).call(this, prefix + name, ...rest);
    };
  }
}

/**
 * Returns a view of the items of a storage whose keys begin with a prefix, without the prefix. It does not store
 * whether the panel is open, because the page does.
 * @param {Storage} area
 * @param {string} prefix
 */
function view(area, prefix) {
  const keys = () => Object.keys(area).flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []));
  /** @type {Record<string, Function>} */
  const methods = {
    getItem: (/** @type {string} */ key) => (key.endsWith(openSuffix) ? null : area.getItem(prefix + key)),
    setItem: (/** @type {string} */ key, /** @type {string} */ value) =>
      key.endsWith(openSuffix) || area.setItem(prefix + key, value),
    removeItem: (/** @type {string} */ key) => area.removeItem(prefix + key),
  };
  return new Proxy(methods, {
    get: (_, key) => (Object.hasOwn(methods, key) ? methods[String(key)] : (methods.getItem(String(key)) ?? undefined)),
    set: (_, key, value) => (methods.setItem(String(key), value), true),
    ownKeys: () => keys(),
    getOwnPropertyDescriptor: (_, key) => ({
      value: methods.getItem(String(key)),
      enumerable: true,
      configurable: true,
      writable: true,
    }),
  });
}
