// @ts-check
/**
 * The shapes of what page and frame say to each other. Either side may run a script that somebody has changed, so each looks before it
 * takes. A message is an object with a member for each thing said. What they say is in page_side.js and frame_side.js, each having what it hears.
 */

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

export const one = (/** @type {string[]} */ names) => (/** @type {any} */ value) => names.includes(value);
export const list = (/** @type {Shape} */ shape) => (/** @type {any} */ value) => Array.isArray(value) && value.every((item) => fits(shape, item));
export const any = () => true;

/**
 * Takes from a message what has its shape.
 * @param {Record<string, (it: any) => unknown>} shapes
 * @param {Record<string, (it: any) => unknown>} hear
 * @returns {(event: {data: any}) => void}
 */
export const taking =
  (shapes, hear) =>
  ({ data }) => {
    for (const name of Object.keys(data ?? {})) {
      if (Object.hasOwn(shapes, name) && shapes[name](data[name])) {
        hear[name](data[name]);
      }
    }
  };
