// @ts-check
/**
 * What the early socket and its greeting need of the protocol: the address of a new conversation, the heartbeat, and
 * the frames before the first message. Go's package protocol does the same for every connection; a test compares the
 * two (web/build/early_protocol_test.go).
 */

/** The most characters or bytes that are recorded for Go: the size of the largest frame that Go accepts. */
export const maxRecorded = FACTS.maxFrame;

const isUUID = (/** @type {any} */ id) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id);

const isSession = (/** @type {unknown} */ id) =>
  typeof id === "string" && id.startsWith(FACTS.sessionPrefix) && isUUID(id.slice(FACTS.sessionPrefix.length));

/**
 * Returns the address of a new conversation; empty if Go might dial another one. It accepts fewer values than
 * protocol.CheckURL and chat.ParseOptions do.
 * @param {string | null} base the attribute socket-url
 * @param {string | null} flow the attribute flow-id
 * @param {string | null} reconnect the attribute reconnect
 */
export function newAddress(base, flow, reconnect) {
  base ??= FACTS.socketURL;
  reconnect ??= "true";
  const known =
    /^(wss:\/\/[a-z\d][a-z\d.-]*|ws:\/\/(localhost|127\.0\.0\.1))(:\d{1,5})?(\/[\w/-]*)?$/i.test(base) &&
    isUUID(flow) &&
    /^(true|false)$/.test(reconnect);
  return known ? base.replace(/\/+$/, "") + FACTS.socketPath.replace("*", flow?.toLowerCase() ?? "") + reconnect : "";
}

/**
 * Returns what a frame says that the greeting depends on. It throws if the frame is not JSON.
 * @param {unknown} data
 */
export function readFrame(data) {
  const { type, id, name, content, session_id: session } = JSON.parse(String(data).replace(/^\ufeff/, "")) ?? {};
  return {
    /** The frame establishes a session. */
    session: type === "session" && isSession(session),
    /** The frame names the chat owner. */
    owner: type === "chatowner",
    /** The frame is a message of the agent. */
    message: type === "message",
    /** The message ends the flow. */
    ends: content === FACTS.endedText,
    id,
    name,
    content,
  };
}

/**
 * Returns the text of a heartbeat.
 * @param {Date} now
 */
export function heartbeat(now) {
  const east = -now.getTimezoneOffset();
  const two = (/** @type {number} */ n) => String(Math.floor(n)).padStart(2, "0");
  const tz = (east < 0 ? "-" : "+") + two(Math.abs(east) / 60) + ":" + two(Math.abs(east) % 60);
  return JSON.stringify({ type: "heartbeat", message: { stamp: now.toISOString().slice(0, 19), tz } });
}

/**
 * Returns what sends heartbeats on a socket.
 * @param {WebSocket} socket
 * @param {any} goGlobals
 */
export function heartbeats(socket, { setTimeout, clearTimeout, Date }) {
  let last = Date.now();
  let timer = 0;
  const send = () => {
    if (socket.readyState === 1) {
      last = Date.now();
      socket.send(heartbeat(new Date()));
    }
  };
  const start = () => {
    timer = setTimeout(() => {
      send();
      start();
    }, FACTS.heartbeatEvery);
  };
  return {
    start,
    stop: () => clearTimeout(timer),
    /** Sends one, unless the last one is recent. */
    sendIfDue: () => Date.now() - last > FACTS.heartbeatEvery / 3 && send(),
  };
}
