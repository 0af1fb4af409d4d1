// @ts-check
/** The title of frame.html, in place of which the page's title stands beside the count. */
const frameTitle = "Chat";

/**
 * Returns the site owner's words for the title, or those of all languages.
 * @param {import("../loader/instance.js").Host} host
 * @returns {string}
 */
function wordsOf({ attr }) {
  try {
    const given = JSON.parse(/** @type {any} */ (attr("strings")))["titleUnread"];
    if (given && typeof given === "string") {
      return given;
    }
  } catch {} // there are none, or Go warns
  return "({n}) {title}";
}

/**
 * Returns what shows the count of unread messages in the page's title, as the iframe shows it in its own. Of the
 * iframe's title, only the number is used.
 * @param {import("../loader/instance.js").Host} host
 */
export function newTitleCount(host) {
  let own = "";
  let changed = "";
  /** @param {string} title of the iframe */
  const show = (title) => {
    const text = wordsOf(host);
    const [count] = /\d{1,4}/.exec(title) ?? [""];
    if (title !== frameTitle && title.includes(frameTitle) && (count || !text.includes("{n}"))) {
      if (!changed || document.title !== changed) {
        own = document.title;
      }
      document.title = text.replace("{n}", count).replace("{title}", () => own);
      changed = document.title;
    } else if (title === frameTitle && changed && document.title === changed) {
      document.title = own;
      changed = "";
    }
  };
  return { show, remove: () => show(frameTitle) };
}
