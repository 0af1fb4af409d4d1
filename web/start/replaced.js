// @ts-check

/**
 * Reports whether the host has the files of another build: whether the script that pages name is gone, or loads another
 * start module than this page.
 * @param {import("../loader/element.js").Page} page
 * @param {string} own the name of this page's start module
 */
export async function isReplaced({ nativeGlobals: { fetch }, loaderScript }, own) {
  try {
    const response = await fetch(loaderScript.src, { cache: "reload" });
    return response.ok ? !(await response.text()).includes(own) : /404|410/.test(response.status);
  } catch {} // no connection, or the page's policy forbids it
}
