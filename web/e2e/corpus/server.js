/**
 * Replaces the widget's server: the WebSocket, and the fetch of the session call. The scripts of this folder are one
 * script, which security_corpus_test.go puts together. It runs before plura-chat.js.
 */
const flows = (function* () {
  for (let i = 1; ; i++) {
    yield "00000000-0000-4000-8000-" + String(i).padStart(12, "0");
  }
})();
const flow = () => flows.next().value;
const session = "webchat-session.2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3";
const phone = "+15551234567";
const native = { fetch: fetch.bind(window) };
/** Resolves in a new task. Not by a timer: browsers delay nested timers by 4 ms. */
const breath = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (port1.close(), resolve());
    port2.postMessage(0);
  });

/** The calls of functions that must not be called. */
let trapped = [];
for (const name of ["trap", "alert", "confirm", "prompt", "print"]) {
  window[name] = (...words) => trapped.push(name + words);
}

/** The problems, each once. */
const problems = (document.problems = new Set());
const problem = (...words) => problems.size < 50 && problems.add(words.join(" "));

// Animation frames come as fast as they are requested: at 60 a second this would take minutes.
const undrawn = new Set();
window.requestAnimationFrame = (draw) => {
  undrawn.add(draw);
  breath().then(() => undrawn.delete(draw) && draw(performance.now()));
  return draw;
};
window.cancelAnimationFrame = (draw) => undrawn.delete(draw);
console.warn = () => {};
// The lines about refused ids and calls, and about what another tab says was refused: there are thousands of them.
const expected = /^plura-chat: (flow-id "|session initialisation failed with status (400$|400: |200: flow_id))/;
const { error } = console;
console.error = (text) => expected.test(text) || texts.has(text) || error.call(console, text);
const texts = new Set();

/** Numbers the messages. */
let ids = 0;

/** The sockets that are open. */
const sockets = new Set();
window.WebSocket = class extends EventTarget {
  readyState = 0;
  protocol = "";
  binaryType = "blob";
  constructor(url) {
    super();
    // The default replaces a refused address.
    if (
      !/\/webchat\/flow\/[\da-f-]{36}\/session\/(null|webchat-session\.[\da-f-]{36})\/r\/(true|false)$/i.test(url) ||
      !(url.startsWith("ws://" + location.host) || url.startsWith("wss://wss.plura.ai/"))
    ) {
      problem("a socket to", url);
    }
    setTimeout(() => {
      this.readyState = 1;
      sockets.add(this);
      this.dispatchEvent(new Event("open"));
      this.tell({
        type: "session",
        id: "s",
        session_id: /session\/null/.test(url) ? session : url.split("/").at(-3),
      });
    });
  }
  tell(frame) {
    this.dispatchEvent(
      new MessageEvent("message", { data: typeof frame === "string" ? frame : JSON.stringify(frame) }),
    );
  }
  send(data) {
    const { type, message } = JSON.parse(data);
    if (type === "message") {
      this.tell({ type: "recv", id: "r" + ids++, name: "Anonymous", content: message });
    }
  }
  close() {
    if (!sockets.delete(this)) {
      return;
    }
    this.readyState = 3;
    setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code: 1000, wasClean: true })));
  }
};

/** Returns the answer to the session call. */
let answer = () => ({ status: 500, body: "{}" });
window.fetch = async (url, init) => {
  if (!String(url).includes("/webchat/session")) {
    return native.fetch(url, init);
  }
  const sent = JSON.parse(init.body);
  if (
    Object.keys(sent).join() !== "record,flow_id" ||
    init.credentials !== "omit" ||
    init.referrerPolicy !== "no-referrer"
  ) {
    problem("the session call says", init.body);
  }
  const { status, body } = answer();
  return new Response(body, { status, headers: { "Content-Type": "application/json" } });
};
