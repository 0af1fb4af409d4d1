// @ts-check
/** The shapes of the iframe's messages, as the page checks them. */
import { events } from "./names.js";

/** Returns the members of an event's detail, each with "?" after it if it may be absent. @param {string} name */
const detailMembers = (name) => events[name].match(/\S+/g) ?? [];

/**
 * Returns what the page dispatches as an event's detail: only the members that names.js lists, and undefined if it
 * lists none.
 * @param {string} name
 * @param {any} detail
 */
export function detailOf(name, detail) {
  const keys = detailMembers(name).map((member) => member.replace("?", ""));
  const present = keys.filter((key) => detail[key] !== undefined);
  return keys.length ? Object.fromEntries(present.map((key) => [key, detail[key]])) : undefined;
}

/** The types of the members that are not strings. */
const types = /** @type {Record<string, string>} */ ({ resumed: "boolean", count: "number" });
const states = /^(idle|loading|connecting|online|reconnecting|offline|failed)$/;

/** Reports whether a value is a text that is not longer than a message. @param {any} it */
const isText = (it) => typeof it === "string" && it.length <= FACTS.maxFrame;

/** Reports whether a value is an object of texts, such as a message. @param {any} it */
const isRecord = (it) => typeof it === "object" && it !== null && Object.values(it).every(isText);

/** Reports whether a detail has a member, as detailMembers returns it. @param {any} detail @param {string} member */
function hasMember(detail, member) {
  const [key, optional] = member.split("?");
  const value = detail?.[key];
  return types[key] ? typeof value === types[key] : isText(value) || (optional !== undefined && value === undefined);
}

/** The most messages in the result of a call. */
const mostMessages = 1e4;

/** Reports whether a value is what a method's promise is resolved with. @param {any} it */
const isResult = (it) =>
  Array.isArray(it) ? it.length <= mostMessages && it.every(isRecord) : (it ?? undefined) === undefined || isRecord(it);

/** Reports whether what the iframe posts has its shape. @type {Record<string, (it: any) => unknown>} */
export const pageShapes = {
  hello: () => true,
  ready: () => true,
  lent: () => true,
  event: (it) =>
    Array.isArray(it) &&
    [0, 2, 3].map((i) => typeof it[i]).join() === "string,string,number" &&
    Object.hasOwn(events, it[0]) &&
    detailMembers(it[0]).every((member) => hasMember(it[1], member)) &&
    (it[0] !== "status" || states.test(it[1].state)) &&
    states.test(it[2]),
  result: (it) => Array.isArray(it) && isResult(it[1]) && (it[2] === undefined || isText(it[2])), // the reason of a failure
  wide: (it) => typeof it === "boolean",
  face: (it) =>
    ["launcher", "badge", "heading", "title"].every(
      (name) => typeof it?.[name] === "string" && it[name].length < 300,
    ) && /^(\d{1,2}\+?)?$/.test(it.badge),
};
