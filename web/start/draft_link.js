// @ts-check
/** Reads links that open the chat, perhaps with a text for the composer. */

/**
 * Returns the text, at most 500 characters, of a page's address that ends in #plura-chat=Text, and takes that part out
 * of the address, so that the link works again and a reload does not open the chat. It returns other texts as they are.
 * @param {unknown} value
 * @returns {unknown}
 * @throws if value cannot be converted to a string
 */
export function linkedText(value) {
  let [link, text] = /^#plura-chat=?(.*)/.exec(/** @type {any} */ (value)) ?? [];
  if (link === undefined) {
    return value;
  }
  try {
    history.replaceState(history.state, "", location.href.split("#")[0]);
    text = decodeURIComponent(text);
  } catch {} // the address stays, or the text is not encoded
  return text.slice(0, 500);
}
