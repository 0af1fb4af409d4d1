// @ts-check
/** Where widgets keep things, by the values of the attribute storage. */

/** For none: it lasts as long as the page, so that a widget that is begun anew goes on. Go takes it for a Storage. @type {Map<string, string>} */
const kept = new Map();
export const memory = {
  getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
  removeItem: (/** @type {string} */ key) => kept.delete(key),
};

/** @param {string | null} kind */
const area = (kind) => (kind === "none" ? memory : kind === "session" ? sessionStorage : localStorage);

/**
 * Takes a flow's conversation from one store to another, for an owner who has changed the attribute.
 * @param {string} flow
 * @param {string | null} from
 * @param {string | null} to
 */
export function move(flow, from, to) {
  try {
    const [old, now, key] = [area(from), area(to), "plura-chat:" + flow.toLowerCase()];
    const record = old.getItem(key);
    if (record && old !== now) {
      old.removeItem(key);
      now.setItem(key, record);
    }
  } catch {} // forbidden or full: a conversation of its own, then
}
