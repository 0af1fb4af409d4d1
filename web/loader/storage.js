// @ts-check
/** Where a widget stores its snapshot, by the value of the attribute storage. */

/**
 * The storage for "none". It lasts as long as the page, so that the next instance of a widget continues the
 * conversation.
 */
const values = new Map();

/** What Go uses in place of a Storage for "none". */
export const memory = {
  getItem: (/** @type {string} */ key) => values.get(key) ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => values.set(key, value),
  removeItem: (/** @type {string} */ key) => values.delete(key),
};

/** Returns the key of a flow's snapshot. @param {(name: string) => string | null} attr */
export const keyOf = (attr) => FACTS.keyPrefix + (attr("flow-id") || "").toLowerCase();

/** What is appended to a snapshot's key for the key of whether the panel is open, which is stored for this tab. */
export const openSuffix = ":open";

/** What is appended for the key of what the visitor has written although the chat could not load, for this tab. */
export const textSuffix = ":text";

/**
 * Reports whether a snapshot contains a session or an entry, and not only that the teaser was dismissed. It looks for
 * the members as Go writes them (widget/chat/stored.go), which is shorter than parsing. Texts in a snapshot have no
 * such quotation marks, because JSON escapes them.
 * @param {string | null | undefined} snapshot
 */
export const hasConversation = (snapshot) => /"(session":"|entries":\[{)/.test(/** @type {any} */ (snapshot));

/**
 * Reads a value from localStorage or sessionStorage, or writes it if there is one. The storage may be forbidden, full
 * or absent.
 * @param {string | null} kind "session", "none", or "local"
 * @param {string} key
 * @param {string} [value]
 * @returns {string | undefined}
 */
export const webStorage = (kind, key, value) => {
  try {
    const area = /** @type {any} */ (window)[
      (/^(session|none)$/.test(/** @type {any} */ (kind)) ? kind : "local") + "Storage"
    ];
    return value ? (area[key] = value) : area[key];
  } catch {}
};

/** Returns the storage of a kind. @param {string | null} kind */
export const storageOf = (kind) => (kind === "none" ? memory : kind === "session" ? sessionStorage : localStorage);

/**
 * Moves a flow's snapshot, draft and choices to another storage, after the attribute storage has changed.
 * @param {string} key
 * @param {string | null} from
 * @param {string | null} to
 */
export function moveSnapshot(key, from, to) {
  try {
    const [old, now] = [storageOf(from), storageOf(to)];
    for (const suffix of old === now ? [] : ["", ...FACTS.choiceSuffixes]) {
      const value = old.getItem(key + suffix);
      value && now.setItem(key + suffix, value);
      old.removeItem(key + suffix);
    }
  } catch {} // forbidden or full: the widget begins without the snapshot
}
