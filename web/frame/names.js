// @ts-check
/** What page and frame call things by, for both sides (page_side.js, frame_side.js). Each takes nothing but this from the other: shapes.js. */
/** The attributes that concern the widget in the frame; the launcher's, the teaser's and the place on the page are the page's. */
export const attributes = (
  "flow-id session flow-instance record prechat mode color theme lang heading subheading placeholder launcher-label privacy-url avatar country consent " +
  "fallback strings sound storage reconnect socket-url session-url debug"
).split(" ");

/** The custom properties that it is dressed with; those of size and place are the frame's. */
export const properties = "accent on-accent surface text muted bubble-agent bubble-visitor font".split(" ").map((name) => "--plura-" + name);

/** What it tells, with what the detail of each has. @type {Record<string, string>} */
export const events = {
  ready: "",
  open: "",
  close: "",
  reset: "",
  status: "state",
  session: "id flowId resumed",
  owner: "id name picture",
  message: "id from name text at",
  sent: "id text",
  failed: "text reason",
  unread: "count",
  identify: "sessionId",
  error: "code message",
};

/** What it may be asked for. */
export const methods = "open close toggle send identify reset transcript".split(" ");
