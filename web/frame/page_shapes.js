// @ts-check
/** The shapes of the iframe's messages, as the page checks them. */
import { events } from "./names.js";

/** Returns the members of an event's detail. @param {string} name of the event */
export const detailMembers = (name) => events[name].split(" ").filter(String);

/** The types of the members that are not strings. */
const types = /** @type {Record<string, string>} */ ({ resumed: "boolean", count: "number" });
const states = /^(idle|loading|connecting|online|reconnecting|offline|failed)$/;

/** Reports whether what the iframe posts has its shape. @type {Record<string, (it: any) => unknown>} */
export const pageShapes = {
  hello: () => true,
  ready: () => true,
  lent: () => true,
  event: (it) =>
    Array.isArray(it) &&
    [0, 2, 3].map((i) => typeof it[i]).join() === "string,string,number" &&
    Object.hasOwn(events, it[0]) &&
    detailMembers(it[0]).every((key) => typeof it[1]?.[key] === (types[key] ?? "string")) &&
    (it[0] !== "status" || states.test(it[1].state)) &&
    states.test(it[2]),
  result: (it) => Array.isArray(it) && /^[su]/.test(typeof it[2]), // the reason of a failure is a string, or undefined
  wide: (it) => typeof it === "boolean",
  face: (it) =>
    ["launcher", "badge", "heading", "title"].every((name) => typeof it?.[name] === "string" && it[name].length < 300),
};
