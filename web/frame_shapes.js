// @ts-check
/**
 * The shapes of what page and frame say to each other. Either side may run a script that somebody has changed, so each looks before it
 * takes. A message is an object with a member for each thing said.
 */
import { attributes, events, methods, properties } from "./frame_words.js";

/** Names of types with "|" between them; a list of shapes, one for each item; an object of them; or a function that decides. @typedef {any} Shape */

/**
 * Whether a value has a shape. What is more in it than the shape tells is not looked at, and to be left alone.
 * @param {Shape} shape
 * @param {any} value
 * @returns {boolean}
 */
export const fits = (shape, value) =>
  typeof shape === "function"
    ? shape(value)
    : typeof shape === "string"
      ? shape.split("|").includes(value === null ? "null" : typeof value)
      : Array.isArray(shape)
        ? Array.isArray(value) && shape.every((part, i) => fits(part, value[i]))
        : typeof value === "object" && value !== null && Object.entries(shape).every(([name, part]) => fits(part, value[name]));

const one = (/** @type {string[]} */ names) => (/** @type {any} */ value) => names.includes(value);
const list = (/** @type {Shape} */ shape) => (/** @type {any} */ value) => Array.isArray(value) && value.every((item) => fits(shape, item));
const text = (/** @type {number} */ most) => (/** @type {any} */ value) => typeof value === "string" && value.length <= most;
const any = () => true;

const states = "idle loading connecting online reconnecting offline failed".split(" ");
const attribute = [one(attributes), "string|null|undefined"];

/** The details of events. @type {Record<string, Record<string, Shape>>} */
export const details = {
  ready: {},
  open: {},
  close: {},
  reset: {},
  status: { state: one(states) },
  session: { id: "string", flowId: "string", resumed: "boolean" },
  owner: { id: "string", name: "string", picture: "string" },
  message: { id: "string", from: one(["agent", "visitor"]), name: "string", text: "string", at: "string" },
  sent: { id: "string", text: "string" },
  failed: { text: "string", reason: "string" },
  unread: { count: "number" },
  identify: { sessionId: "string" },
  error: { code: "string", message: "string" },
};

/** What the frame says. @type {Record<string, Shape>} */
export const fromFrame = {
  hello: any,
  ready: "boolean",
  lent: any,
  event: (/** @type {any} */ it) => fits([one(events), any, one(states), "number"], it) && (fits(details[it[0]], it[1]) || !Object.keys(details[it[0]]).length),
  result: ["number", any, "string|undefined"],
  face: { launcher: text(500), badge: text(8), heading: text(500), title: text(60) },
};

/** What the page says. @type {Record<string, Shape>} */
export const fromPage = {
  begin: { attributes: list(attribute), open: "boolean", whole: "boolean" },
  attribute,
  properties: list([one(properties), "string"]),
  open: "boolean",
  whole: "boolean",
  call: ["number", one(methods), list(any)],
  draft: { text: "string", start: "number", end: "number", focus: "boolean" },
};

/**
 * Takes from a message what has its shape.
 * @param {Record<string, Shape>} shapes
 * @param {Record<string, (it: any) => unknown>} hear
 * @returns {(event: {data: any}) => void}
 */
export const taking =
  (shapes, hear) =>
  ({ data }) => {
    for (const name of Object.keys(data ?? {})) {
      if (Object.hasOwn(shapes, name) && fits(shapes[name], data[name])) {
        hear[name](data[name]);
      }
    }
  };
