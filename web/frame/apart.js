// @ts-check
/**
 * All sites that name the same script share the origin of its frame. Browsers keep what a frame stores apart by the site around it; where
 * one does not, one site could read in its frame what a visitor has said on another. So each gets names of its own. A page of the frame's
 * own origin keeps the plain names, under which it finds the same conversation without a frame.
 * @param {string} origin of the page around
 */
export function apart(origin) {
  const prefix = origin === location.origin ? "" : origin + " ";
  for (const kind of ["localStorage", "sessionStorage"]) {
    try {
      Object.defineProperty(window, kind, { value: view(/** @type {any} */ (window)[kind], prefix) });
    } catch {} // forbidden, and it stays so
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
 * What begins with prefix, without it. Whether the panel is open is not for the frame to remember.
 * @param {Storage} area
 * @param {string} prefix
 */
function view(area, prefix) {
  const keys = () => Object.keys(area).flatMap((key) => (key.startsWith(prefix) ? key.slice(prefix.length) : []));
  /** @type {Record<string, Function>} */
  const methods = {
    getItem: (/** @type {string} */ key) => (key.endsWith(":open") ? null : area.getItem(prefix + key)),
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => key.endsWith(":open") || area.setItem(prefix + key, value),
    removeItem: (/** @type {string} */ key) => area.removeItem(prefix + key),
  };
  return new Proxy(methods, {
    get: (_, key) => (Object.hasOwn(methods, key) ? methods[String(key)] : methods.getItem(String(key)) ?? undefined),
    set: (_, key, value) => (methods.setItem(String(key), value), true),
    ownKeys: () => keys(),
    getOwnPropertyDescriptor: (_, key) => ({ value: methods.getItem(String(key)), enumerable: true, configurable: true, writable: true }),
  });
}
