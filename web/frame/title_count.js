// @ts-check
/** The title of frame.html, which the page's title replaces in "(2) Chat". */
const frameTitle = "Chat";

/** Returns what shows the count of unread messages in the page's title, as the iframe shows it in its own. */
export function newTitleCount() {
  let own = "";
  let changed = "";
  /** @param {string} title of the iframe */
  const show = (title) => {
    if (title !== frameTitle && title.includes(frameTitle)) {
      if (!changed || document.title !== changed) {
        own = document.title;
      }
      document.title = title.replace(frameTitle, () => own);
      changed = document.title;
    } else if (title === frameTitle && changed && document.title === changed) {
      document.title = own;
      changed = "";
    }
  };
  return { show, remove: () => show(frameTitle) };
}
