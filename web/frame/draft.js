// @ts-check
/** @typedef {import("./page_side.js").PageSide} PageSide */

/**
 * Returns a function that copies the facade's draft to the iframe's composer. It is called whenever the iframe is ready
 * for the next copy. When the iframe has the text that the facade has, it calls done.
 * @param {PageSide} side
 * @param {Function} setTimeout
 * @param {() => void} done
 */
export function draftCopier(side, setTimeout, done) {
  const {
    root,
    nodes: { input },
  } = side.host;
  /** The text that the iframe's composer has. @type {string | undefined} */
  let copied;
  let composing = false;
  const copy = () => {
    if (!side.waiting || composing) {
      return;
    }
    side.passQueue();
    side.focused ||= root.activeElement === input;
    const { value, selectionStart, selectionEnd } = input;
    if (copied === value) {
      done();
    } else {
      copied = value;
      side.post({ draft: { text: value, start: selectionStart, end: selectionEnd, focus: side.focused } });
    }
  };
  for (const type of ["compositionstart", "compositionend"]) {
    input.addEventListener(
      type,
      () => {
        composing = type === "compositionstart";
        copied === undefined || setTimeout(copy); // once the input has the text
      },
      { signal: side.controller.signal },
    );
  }
  return copy;
}
