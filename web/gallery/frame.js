// @ts-check
/**
 * Brings the widget of this page into the state that the page names, as a visitor would. Then it sets data-ready on the
 * root element, or data-error if that failed.
 */
import "./clock.js";
import { before, steps } from "./steps.js";
import { element, state, storeSeed } from "./widget.js";

/**
 * Waits until fonts and images are loaded, and ends all animations: at their end, or at their beginning if they are
 * infinite.
 */
const finishLoadingAndAnimations = async () => {
  await document.fonts.ready;
  const images = /** @type {HTMLImageElement[]} */ ([...(element.shadowRoot?.querySelectorAll("img") ?? [])]);
  await Promise.all(images.map((image) => image.decode().catch(() => {})));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  for (const animation of element.shadowRoot?.getAnimations() ?? []) {
    if (animation.effect?.getComputedTiming().iterations === Infinity) {
      animation.pause();
      animation.currentTime = 0;
    } else {
      animation.finish();
    }
  }
};

try {
  storeSeed();
  await before[state]?.();
  (document.getElementById("place") ?? document.body).append(element);
  await steps[state]();
  await finishLoadingAndAnimations();
  document.documentElement.dataset.ready = "";
} catch (reason) {
  document.documentElement.dataset.error = String(reason);
}
