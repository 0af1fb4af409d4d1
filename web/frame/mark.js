// @ts-check
/**
 * The conversation of a frame of another origin is stored there. For the page's loader a mark stands in its place: with it, the chat is
 * loaded at idle and the teaser keeps quiet.
 */

/** A record that holds a conversation: see holds in loader/stores.js. */
const sign = '{"v":1,"conversation":{"session":"in the frame"}}';

/**
 * @param {import("../start/skeleton.js").Full} host
 * @param {string} origin of the frame
 */
export function mark({ attr }, origin) {
  const put = (/** @type {boolean} */ there) => {
    const kind = attr("storage") || "local";
    if (origin === location.origin || !/^(local|session)$/.test(kind)) {
      return;
    }
    try {
      const area = kind === "local" ? localStorage : sessionStorage;
      const key = "plura-chat:" + String(attr("flow-id")).toLowerCase();
      if (there) {
        area.setItem(key, sign);
      } else if (area.getItem(key) === sign) {
        area.removeItem(key);
      }
    } catch {} // forbidden or full
  };
  return {
    /** Whether there is a conversation. */
    is: put,
    /** An event of the chat's. @param {string} name */
    heard(name) {
      if (/^(sent|message|reset)$/.test(name)) {
        put(name !== "reset");
      }
    },
  };
}
