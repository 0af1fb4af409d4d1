// @ts-check
/** The module of the button that widens the panel. */
import { storageOf } from "../loader/storage.js";
import { warn } from "./warning.js";
import { watch } from "./watch.js";
import { word } from "./words.js";

/** @typedef {import("../loader/instance.js").Host} Host */

const sheet = new CSSStyleSheet();
sheet.replaceSync(FEATURE_CSS);

/** Returns what stores whether the panel is wide, in the storage of the conversation. @param {Host} host */
function newMemory({ attr, snapshotKey }) {
  const key = snapshotKey + ":wide";
  const use = (/** @type {(area: any) => unknown} */ act) => {
    try {
      return act(storageOf(attr("storage")));
    } catch {} // forbidden or full
  };
  return {
    read: () => use((area) => area.getItem(key)) === "1",
    write: (/** @type {boolean} */ wide) => use((area) => (wide ? area.setItem(key, "1") : area.removeItem(key))),
  };
}

/**
 * Does until the panel has its new size what Go does when the window changes its size: it keeps the end of the log in
 * view, and makes the composer as high as its text.
 * @param {Host} host
 * @param {() => void} resize changes the size
 */
async function followSize({ nodes: { panel, log, input } }, resize) {
  const end = log.scrollHeight - log.scrollTop - log.clientHeight < 9;
  const follow = () => {
    if (input.style.height) {
      input.style.height = "auto";
      input.style.height = input.scrollHeight + input.offsetHeight - input.clientHeight + "px";
    }
    if (end) {
      log.scrollTop = log.scrollHeight;
    }
  };
  const observer = new ResizeObserver(follow);
  observer.observe(panel);
  resize();
  await Promise.allSettled(panel.getAnimations().map((/** @type {Animation} */ { finished }) => finished));
  observer.disconnect();
  follow();
}

/**
 * Adds the button to the header.
 * @param {Host} host
 * @param {import("../loader/element.js").Page} page
 */
export function extend(host, page) {
  const { element, nodes, makePart, attr } = host;
  const { signal } = host.controller;
  if (attr("mode") === "inline") {
    return; // the page determines the size
  }
  const { panel, header, close } = nodes;
  const memory = newMemory(host);
  const button = makePart("button", "expand");
  let wide = memory.read();
  let warned = "";
  let shown = false;

  const update = () => {
    const value = (attr("expand") ?? "").trim().toLowerCase();
    const isOn = value === "on";
    if (!/^(off|on|)$/.test(value) && value !== warned) {
      warn(page, "expand", value, "off, on");
    }
    warned = value;
    const narrow = matchMedia(FACTS.narrowScreen).matches;
    button.hidden = narrow;
    button.setAttribute("aria-pressed", String(wide));
    button.setAttribute("aria-label", word(host, WORDS, "expand"));
    if (!isOn) {
      button.remove();
    } else if (!button.isConnected) {
      (header.querySelector("[part=menu-button]") ?? close).before(button);
    }
    if (shown !== (isOn && wide && !narrow)) {
      shown = !shown;
      panel.toggleAttribute("data-wide", shown);
      element.dispatchEvent(new CustomEvent("plura-wide", { detail: { on: shown } })); // for frame/frame_side.js
    }
    if (narrow) {
      panel.removeAttribute("data-resizes");
    }
  };

  button.onclick = () => {
    wide = !wide;
    memory.write(wide);
    panel.setAttribute("data-resizes", "");
    followSize(host, update);
  };
  host.adoptSheets(sheet);
  watch(host, ["expand"], update);
  addEventListener("resize", update, { signal });
  element.addEventListener("plura-chat:reset", () => memory.write(false), { signal });
}
