// @ts-check
/** The shapes of the iframe's messages, as the page checks them. */
import { events } from "./names.js";

/** Returns the members of an event's detail. @param {string} name of the event */
export const detailMembers = (name) => events[name].split(" ").filter(String);

/** The types of the members that are not strings. */
const types = /** @type {Record<string, string>} */ ({ resumed: "boolean", count: "number" });
const states = /^(idle|loading|connecting|online|reconnecting|offline|failed)$/;

/** Reports whether a value is a text that is not longer than a message. @param {any} it */
const isText = (it) => typeof it === "string" && it.length <= FACTS.maxFrame;

/** Reports whether a value is an object of texts, such as a message. @param {any} it */
const isRecord = (it) => typeof it === "object" && it !== null && Object.values(it).every(isText);

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
    detailMembers(it[0]).every((key) => (types[key] ? typeof it[1]?.[key] === types[key] : isText(it[1]?.[key]))) &&
    (it[0] !== "status" || states.test(it[1].state)) &&
    states.test(it[2]),
  result: (it) => Array.isArray(it) && isResult(it[1]) && (it[2] === undefined || isText(it[2])), // the reason of a failure
  wide: (it) => typeof it === "boolean",
  face: (it) =>
    ["launcher", "badge", "heading", "title"].every(
      (name) => typeof it?.[name] === "string" && it[name].length < 300,
    ) && /^(\d{1,2}\+?)?$/.test(it.badge),
};
