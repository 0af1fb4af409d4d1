// @ts-check
import { word } from "../aside/words.js";

/** The title of frame.html, in place of which the page's title stands beside the count. */
const frameTitle = "Chat";

/** The words of all languages; the site owner may replace them. */
const words = { titleUnread: { en: "({n}) {title}" } };

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
    const text = word(host, words, "titleUnread");
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
