// @ts-check
/**
 * Returns what passes method calls to the iframe and keeps those that the iframe has not answered.
 * @param {(message: object) => void} post
 */
export function newCalls(post) {
  /** @type {Map<number, {resolve: Function, reject: Function}>} */
  const pending = new Map();
  let last = 0;
  return {
    /** @param {string} name @param {unknown[]} args @param {Function} resolve @param {Function} reject */
    call(name, args, resolve, reject) {
      try {
        // The arguments are converted as for Go: through JSON.
        post({ call: [++last, name, name === "send" ? [String(args[0])] : JSON.parse(JSON.stringify(args))] });
        pending.set(last, { resolve, reject });
      } catch (reason) {
        reject(reason);
      }
    },
    /** @param {[number, unknown, string?]} result */
    answer([id, value, error]) {
      const { resolve, reject } = pending.get(id) ?? {};
      pending.delete(id);
      error === undefined ? resolve?.(value) : reject?.(new Error(error));
    },
    /** @param {string} why */
    rejectAll(why) {
      pending.forEach(({ reject }) => reject(new Error(why)));
      pending.clear();
    },
  };
}
