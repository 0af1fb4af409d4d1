/** Widgets, and waiting for them. */

const until = async (condition, what) => {
  const end = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > end) {
      problem(what, "did not happen");
      return;
    }
    await breath();
  }
};

/** Adds a widget, and resolves when Go runs it. */
const widget = async (attributes, ready = true) => {
  const element = document.createElement("plura-chat");
  const all = {
    "flow-id": flow(),
    "socket-url": "ws://" + location.host,
    "session-url": location.origin + "/webchat/session",
    ...attributes,
  };
  for (const [name, value] of Object.entries(all)) {
    element.setAttribute(name, value);
  }
  const was = sockets.size;
  let begun = false;
  element.addEventListener("plura-chat:ready", () => (begun = true), { once: true });
  document.documentElement.append(element);
  if (ready) {
    await until(() => begun, "the widget " + JSON.stringify(all).slice(0, 200));
    element.socket = async () => {
      await until(() => sockets.size > was, "a socket");
      return [...sockets].at(-1);
    };
  }
  return element;
};
const rows = (element) => element.shadowRoot.querySelectorAll("[part~=message],[part~=divider]");
const settled = async () => {
  for (let i = 0; i < 3; i++) {
    await breath();
  }
  await until(() => undrawn.size === 0, "a drawing");
};
