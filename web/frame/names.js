// @ts-check
/**
 * The names that page and iframe use in messages (page_side.js, frame_side.js). Each side accepts no others: see
 * shapes.js.
 */

/**
 * The attributes of the widget in the iframe. Those of the launcher, the teaser and the place on the page are for the
 * page.
 */
export const attributes = FACTS.frameAttributes;

/** The custom properties of the widget in the iframe. Those of size and place are for the page. */
export const properties = "accent on-accent surface text muted bubble-agent bubble-visitor font"
  .split(" ")
  .map((name) => "--plura-" + name);

/**
 * The events of the widget in the iframe, each with the members of its detail. A member with a question mark may be
 * absent. @type {Record<string, string>}
 */
export const events = {
  ready: "",
  open: "",
  close: "",
  reset: "",
  status: "state reason?",
  session: "id flowId resumed",
  owner: "id name picture",
  message: "id from name text at",
  sent: "id text",
  failed: "text reason",
  unread: "count",
  identify: "sessionId",
  suggestion: "text kind",
  link: "url",
  error: "code message",
};

/** The methods of the widget in the iframe. */
export const methods = "open close toggle send identify reset transcript draft".split(" ");
