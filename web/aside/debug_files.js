// @ts-check
/** What the browser has noted of the widget's files (Resource Timing). */

/** @typedef {import("./debug.js").Row} Row */

/** The types of the files by the end of their names. @type {Record<string, RegExp>} */
const types = { js: /javascript/, wasm: /^application\/wasm$/, json: /json|text\/plain/ };

/** Returns the names of entries, at most three. @param {{ name: string }[]} entries */
const namesOf = (entries) =>
  entries
    .slice(0, 3)
    .map(({ name }) => name.split(/[?#]/)[0].split("/").at(-1))
    .join(", ") + (entries.length > 3 ? " and others" : "");

/**
 * Returns the rows about the types and the compression of the files that the page has loaded.
 * @param {string} folder the address of the widget's files
 * @returns {Row[]}
 */
export function fileRows(folder) {
  /** @type {any[]} */
  const all = performance.getEntriesByType("resource");
  const files = all.filter(({ name }) => name.startsWith(folder + "plura-chat"));
  const typed = files.filter(({ contentType }) => contentType);
  const ending = (/** @type {string} */ name) => name.split(/[?#]/)[0].split(".").at(-1) ?? "";
  const wrong = typed.filter(({ name, contentType }) => !(types[ending(name)] ?? /./).test(contentType));
  // The sizes are 0 where the host of the files lets no page of another origin see them.
  const sized = files.filter(({ encodedBodySize, decodedBodySize }) => encodedBodySize && decodedBodySize > 1400);
  const plain = sized.filter(({ encodedBodySize, decodedBodySize }) => encodedBodySize >= decodedBodySize);
  const unseen = "not visible: the host sends no Timing-Allow-Origin, or the browser does not tell";
  return [
    [
      "types of the files",
      "application/wasm, JavaScript",
      typed.length ? namesOf(wrong) || `right for ${typed.length} files` : unseen,
      typed.length ? (wrong.length ? "wrong" : "right") : "skipped",
    ],
    [
      "compression of the files",
      "br or gzip",
      sized.length ? namesOf(plain) || `${sized.length} files are compressed` : unseen,
      sized.length ? (plain.length ? "wrong" : "right") : "skipped",
    ],
  ];
}
