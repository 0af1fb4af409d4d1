// @ts-check

/**
 * @param {import("../loader/instance.js").Host} host
 * @param {import("../loader/element.js").Page} page
 */
export function extend(host, page) {}
