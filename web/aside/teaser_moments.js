// @ts-check
/** The moments at which a teaser is shown. */

/**
 * A moment: after a time in ms, after a time in ms without input, when a percentage of the page has been scrolled, or
 * when the pointer leaves the page at its top.
 * @typedef {{kind: "time" | "idle" | "scroll" | "exit", amount: number}} Moment
 */

/** The longest time in ms that a browser's timer has. */
const longest = 2 ** 31 - 1;

/**
 * Calls a function when the moment comes. It may call the function more than once.
 * @param {Moment} moment
 * @param {() => void} act
 * @param {any} natives the page's native globals
 * @param {AbortSignal} signal ends it
 */
export function atMoment({ kind, amount }, act, { setTimeout, clearTimeout }, signal) {
  const wait = (/** @type {number} */ ms, /** @type {() => void} */ act) => {
    const timer = setTimeout(act, Math.min(ms, longest));
    signal.addEventListener("abort", () => clearTimeout(timer));
  };
  const listen = (/** @type {string} */ types, /** @type {(event: any) => void} */ act) =>
    types.split(" ").forEach((type) => addEventListener(type, act, { signal, capture: true, passive: true }));
  ({
    time: () => wait(amount, act),
    idle() {
      let last = performance.now();
      const check = () => {
        const rest = last + amount - performance.now();
        rest > 0 ? wait(rest, check) : act();
      };
      listen("pointermove pointerdown touchmove wheel scroll keydown", () => (last = performance.now()));
      wait(amount, check);
    },
    scroll() {
      const check = () => {
        const { scrollTop, scrollHeight, clientHeight } = document.scrollingElement ?? document.documentElement;
        // A browser may end a pixel above the end.
        if (scrollTop > 0 && (scrollTop + 1) * 100 >= (scrollHeight - clientHeight) * amount) {
          act();
        }
      };
      listen("scroll", check);
      wait(1000, check); // the page may have been opened in the middle; a router first scrolls to the top
    },
    exit() {
      // Browsers imitate a mouse for a finger.
      if (!matchMedia("(pointer: coarse)").matches) {
        listen("mouseout", ({ relatedTarget, clientY }) => relatedTarget || clientY > 0 || act());
      }
    },
  })[kind]();
}

/**
 * Calls a function after each change of the page's path, until the signal ends it.
 * @param {() => void} act
 * @param {any} natives the page's native globals
 * @param {AbortSignal} signal
 */
export function onNavigation(act, { setTimeout }, signal) {
  const { navigation } = /** @type {any} */ (window);
  addEventListener("popstate", act, { signal });
  navigation?.addEventListener("currententrychange", act, { signal });
  if (!navigation) {
    // Nothing tells that a router has called pushState.
    const repeat = () => {
      if (!signal.aborted) {
        act();
        setTimeout(repeat, 1000);
      }
    };
    setTimeout(repeat, 1000);
  }
}
