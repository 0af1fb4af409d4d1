// @ts-check
/** The lines about attributes that the modules of features write to the console for the site owner. */
import { safeConsole } from "../start/go_globals.js";

/** What was said. A widget that is replaced by another one has the same attributes. @type {Set<string>} */
const told = new Set();

/**
 * Says once that an attribute, or a part of it, is not used, as Go says it (widget/chat/options.go).
 * @param {import("../loader/element.js").Page} page
 * @param {string} attribute
 * @param {string} value as written; empty: it is not shown
 * @param {string} allowed
 */
export function warn({ nativeGlobals }, attribute, value, allowed) {
  const shown = value && ` "${value.length > 80 ? value.slice(0, 80) + "…" : value}"`;
  const text = `plura-chat: attribute ${attribute}${shown} is not used; allowed: ${allowed}`;
  if (!told.has(text)) {
    told.add(text);
    safeConsole(nativeGlobals.console).warn(text);
  }
}
