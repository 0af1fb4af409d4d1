// @ts-check

/** Sets attributes of an element. @param {Element} element @param {Record<string, string>} attributes */
export const setAttributes = (element, attributes) =>
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
