// @ts-check
/** Where widgets keep things, by the values of the attribute storage. */

/** For none: it lasts as long as the page, so that a widget that is begun anew goes on. Go takes it for a Storage. @type {Map<string, string>} */
const kept = new Map();
export const memory = {
  getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
  removeItem: (/** @type {string} */ key) => kept.delete(key),
};

/** The key of a flow's record. @param {(name: string) => string | null} attr */
export const keyOf = (attr) => "plura-chat:" + (attr("flow-id") || "").toLowerCase();

/**
 * Whether a record holds a conversation, or a part of one: more than choices, a draft, or what somebody else has left under its key.
 * @param {string | null | undefined} record
 */
export const holds = (record) => {
  try {
    const { session, entries } = JSON.parse(/** @type {string} */ (record)).conversation;
    return session || entries[0];
  } catch {}
};

/** @param {string | null} kind */
export const area = (kind) => (kind === "none" ? memory : kind === "session" ? sessionStorage : localStorage);

/**
 * Takes a flow's record from one store to another, for an owner who has changed the attribute.
 * @param {string} key
 * @param {string | null} from
 * @param {string | null} to
 */
export function move(key, from, to) {
  try {
    const [old, now] = [area(from), area(to)];
    const record = old.getItem(key);
    if (record && old !== now) {
      old.removeItem(key);
      now.setItem(key, record);
    }
  } catch {} // forbidden or full: a conversation of its own, then
}
