// @ts-check
/** Attributes whose value is a list of entries, each with a label. */

/**
 * Returns a text without spaces around it, or nothing if it is not a text of 1 to the given number of characters.
 * @param {unknown} value
 * @param {number} most
 */
export function shortText(value, most) {
  const text = typeof value === "string" ? value.trim() : "";
  return [...text].length > most ? "" : text;
}

/** Returns the items of a JSON array; where there is none, the text as the only item. @param {string} text */
export function itemsOf(text) {
  try {
    const items = JSON.parse(text);
    return Array.isArray(items) ? items : [text];
  } catch {
    return [text];
  }
}

/**
 * Returns the entries of a list, and tells the site owner in one line which items are none.
 * @template T
 * @param {unknown[]} items
 * @param {number} most how many entries there may be
 * @param {(item: any) => T | undefined | false | ""} read returns the entry that an item stands for, if it does
 * @param {(value: string) => void} refuse gets the items that are not used
 * @returns {T[]}
 */
export function readEntries(items, most, read, refuse) {
  /** @type {T[]} */
  const entries = [];
  const refused = items.filter((item) => {
    const entry = entries.length < most && read(item);
    return !(entry && entries.push(entry));
  });
  if (refused.length) {
    refuse(refused.map((item) => (typeof item === "string" ? item : JSON.stringify(item))).join(", "));
  }
  return entries;
}
