// @ts-check
/**
 * Checks the shapes of the messages between page and iframe. Either side may run a script that somebody has changed, so
 * each checks what it receives. A message is an object with one member for each thing it says. The shapes are in
 * page_shapes.js and frame_side.js, each with what it receives.
 */

/**
 * Names of types with "|" between them; a list of shapes, one for each item; an object of shapes; or a function that
 * decides.
 * @typedef {any} Shape
 */

/**
 * Reports whether a value has a shape. It does not check members that the shape does not name; they must not be used.
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
        : typeof value === "object" &&
          value !== null &&
          Object.entries(shape).every(([name, part]) => fits(part, value[name]));

export const one = (/** @type {string[]} */ names) => (/** @type {any} */ value) => names.includes(value);
export const list = (/** @type {Shape} */ shape) => (/** @type {any} */ value) =>
  Array.isArray(value) && value.every((item) => fits(shape, item));
export const any = () => true;

/**
 * Returns a listener that calls the handler of each member of a message that has its shape.
 * @param {Record<string, (it: any) => unknown>} shapes
 * @param {Record<string, (it: any) => unknown>} handlers
 * @returns {(event: {data: any}) => void}
 */
export const receiver =
  (shapes, handlers) =>
  ({ data }) => {
    for (const name of Object.keys(data ?? {})) {
      if (Object.hasOwn(shapes, name) && shapes[name](data[name])) {
        handlers[name](data[name]);
      }
    }
  };
