// @ts-check
/** The heartbeat of the early socket, as Go sends it (protocol.AppendHeartbeat, protocol.HeartbeatEvery). */

/** The interval in milliseconds. */
const heartbeatEvery = 15e3;

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
    }, heartbeatEvery);
  };
  return {
    start,
    stop: () => clearTimeout(timer),
    /** Sends one, unless the last one is recent. */
    sendIfDue: () => Date.now() - last > heartbeatEvery / 3 && send(),
  };
}

/** Returns the text of a heartbeat. @param {Date} now */
function heartbeat(now) {
  const east = -now.getTimezoneOffset();
  const two = (/** @type {number} */ n) => String(Math.floor(n)).padStart(2, "0");
  const tz = (east < 0 ? "-" : "+") + two(Math.abs(east) / 60) + ":" + two(Math.abs(east) % 60);
  return JSON.stringify({ type: "heartbeat", message: { stamp: now.toISOString().slice(0, 19), tz } });
}
