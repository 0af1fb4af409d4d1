// @ts-check
/** A clock that makes every picture show the same minute. It must be imported before anything reads the time. */

/** The real clock: milliseconds since the page began. */
export const clock = performance.now.bind(performance);

/** The time at which every picture is taken. */
export const start = new Date(2026, 2, 12, 10, 24).getTime();

const began = clock();
const RealDate = Date;
window.Date = /** @type {any} */ (
  class extends RealDate {
    /** @param {any[]} args */
    constructor(...args) {
      // @ts-ignore: the arguments of Date
      super(...(args.length ? args : [Date.now()]));
    }
    static now() {
      return start + Math.floor(clock() - began);
    }
  }
);

/** Makes the clock that Go reads faster, and returns a function that advances it by a second. */
export const fastForward = () => {
  let offset = 0;
  performance.now = () => clock() + offset;
  return () => {
    offset += 1000;
    dispatchEvent(new Event("resize")); // Go checks its timers after an event
  };
};
