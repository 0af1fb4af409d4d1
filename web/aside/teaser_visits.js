// @ts-check
/** What is stored of the visits of the teaser's page. A visit is a session of a tab. */
import { webStorage } from "../loader/storage.js";

/** @typedef {import("../loader/instance.js").Host} Host */

/** The keys of the snapshots of the widgets that have shown a teaser on this page. */
const shown = new Set();

const shownKey = (/** @type {Host} */ host) => host.snapshotKey + ":teaser";

/** Reports whether the visit has had its teaser. @param {Host} host */
export const wasShown = (host) =>
  shown.has(host.snapshotKey) || (host.attr("storage") !== "none" && Boolean(webStorage("session", shownKey(host))));

/** Stores that the visit has had its teaser. @param {Host} host */
export function setShown(host) {
  shown.add(host.snapshotKey);
  host.attr("storage") === "none" || webStorage("session", shownKey(host), "1");
}

/**
 * Returns the number of the visit, which it counts once. If nothing may be stored longer than a visit, each is the
 * first.
 * @param {Host} host
 */
export function visitNumber({ attr, snapshotKey }) {
  const key = snapshotKey + ":visits";
  if (/^(session|none)$/.test(attr("storage") ?? "")) {
    return 1;
  }
  const count = Number(webStorage("local", key)) || 0;
  const isNew = !webStorage("session", key) && webStorage("session", key, "1");
  return (isNew && Number(webStorage("local", key, String(count + 1)))) || count || 1;
}
