// Puts each payload into every field that somebody outside may fill, and checks what the widget makes of it. It runs
// before plura-chat.js, and replaces its server: it is the WebSocket, the fetch of the session call, and the tab that
// holds the connection.
(() => {
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

  const safeLink = /^(https?:\/\/[^/]|mailto:[^\s]|tel:[-+.()\d]+$)/;
  const safePicture = /^(https:\/\/|data:image\/(png|jpeg|gif|webp)[;,]|data:image\/(png|jpeg|gif|webp)$)/i;
  const words = (list) => (value) => value.split(" ").every((word) => list.split(" ").includes(word));
  const any = () => true;

  /** The attributes that elements of the shadow tree may have: every element, and some. */
  const everywhere = {
    class: words(
      " row first last new name quiet face day line title plain code copy meta do wrong who dots dot dock counter over menu-button intro field consent primary ask box provisional done block bare piece far table center end task tick picture replies",
    ),
    part: words(
      "frame launcher badge panel header avatar heading subheading close status log message bubble divider typing composer input send prechat notice menu menu-button teaser jump invite dismiss retry table replies",
    ),
    role: words(
      "dialog region presentation log article group status alert alertdialog menu menuitem menuitemcheckbox img",
    ),
    id: (value) => /^(counter|ask|row\d+|field-[A-Za-z][\w.-]*)$/.test(value),
    dir: words(" ltr rtl auto false"),
    lang: (value) => /^[A-Za-z\d-]*$/.test(value),
    hidden: any,
    tabindex: words("0 -1"),
    "data-from": words("agent visitor"),
    "data-state": words("sending sent failed idle loading connecting online reconnecting offline"),
    "data-id": any,
    "data-key": any,
    "data-far": words(""),
    "data-do": words("retry remove new menu download sound ask-new ask-end yes no jump notice copy reply"),
    "data-hint": any,
    "data-written": words(""),
    inert: words(""),
    // These are only read out.
    "aria-label": any,
    "aria-labelledby": words("ask"),
    "aria-describedby": (value) => /^(counter|field-[A-Za-z][\w.-]*-error)$/.test(value),
    "aria-expanded": words("true false"),
    "aria-hidden": words("true"),
    "aria-live": words("off polite"),
    "aria-modal": words("true"),
    "aria-haspopup": words("menu"),
    "aria-checked": words("true false"),
    "aria-busy": words("true false"),
    "aria-disabled": words("true false"),
    "aria-invalid": words("true false"),
    "aria-required": words("true"),
  };
  const url = (test) => (value) => test.test(value);
  const elements = {
    b: { role: words("heading"), "aria-level": words("2") },
    a: { href: url(safeLink), target: words("_blank"), rel: (value) => value === "noopener noreferrer nofollow" },
    img: {
      src: url(safePicture),
      alt: words(""),
      referrerpolicy: words("no-referrer"),
      decoding: words("async"),
      loading: words("lazy"),
    },
    ol: { start: url(/^\d+$/) },
    button: { type: words("button submit") },
    form: { method: words("dialog"), novalidate: any },
    label: { for: url(/^field-[A-Za-z][\w.-]*$/) },
    input: {
      type: words("text email tel checkbox"),
      name: any,
      maxlength: words("200"),
      autocomplete: url(/^[a-z-]+$/),
      inputmode: words("email tel"),
    },
    textarea: { rows: words("1"), placeholder: any, style: url(/^(height: [\d.]+px;|)$/) },
    svg: { viewBox: any },
    p: { role: words("heading"), "aria-level": words("3") },
    pre: { "data-name": any },
    th: { scope: words("col") },
    path: { d: url(/^[MLHVhvlmz\d. -]+$/) },
  };
  // A colour may be a variable of the page: it can only result in a colour, which the list of requests shows.
  elements.div = { "data-name": any, style: url(/^(--plura-accent:[^;]*;|)$/) };
  elements.section = { style: url(/^(--visual-(top|height): [\d.]+px;\s?)*$/) };
  for (const name of "span p h2 header footer article figure aside br hr strong em s code pre blockquote ul li table thead tbody tr td".split(
    " ",
  )) {
    elements[name] ??= {};
  }

  /** Checks every element below a node. */
  const audit = (top, what) => {
    for (const node of top.querySelectorAll("*")) {
      const own = Object.hasOwn(elements, node.localName) && elements[node.localName];
      if (!own) {
        problem(what, "made an element", node.localName);
        continue;
      }
      for (const { name, value } of node.attributes) {
        const test = (Object.hasOwn(own, name) && own[name]) || (Object.hasOwn(everywhere, name) && everywhere[name]);
        if (!test || !test(value)) {
          problem(what, "made an attribute", node.localName, name, JSON.stringify(value.slice(0, 100)));
        }
      }
    }
    if (trapped.length) {
      problem(what, "ran:", trapped.splice(0).join());
    }
    if ({}.polluted !== undefined) {
      problem(what, "polluted Object.prototype");
      delete Object.prototype.polluted;
    }
  };

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

  /** The fields by name. Each gets all payloads and returns how many it has shown. */
  const fields = {
    async "message: content, name, picture, id"(payloads) {
      const element = await widget({ open: "", load: "eager" });
      const socket = await element.socket();
      for (const [i, p] of payloads.entries()) {
        socket.tell({ type: "message", id: p, name: p, profilepic: p, content: p });
        socket.tell({ type: "message", id: i, name: "N" + i, profilepic: null, content: { [p]: [p] }, [p]: p });
        socket.tell({ type: "message", id: [p], name: { [p]: p }, profilepic: [p], content: "plain " + i });
        socket.tell({ type: p, content: p, session_id: p });
        socket.tell({ type: "session", id: p, session_id: p });
        socket.tell(p);
        if (i % 25 === 24 || i === payloads.length - 1) {
          const last = i;
          await until(
            () => [...element.shadowRoot.querySelectorAll("[part~=bubble]")].at(-1)?.textContent === "plain " + last,
            "message " + last,
          );
          audit(element.shadowRoot, "a message up to " + JSON.stringify(p.slice(0, 60)));
        }
      }
      await element.destroy();
      return 5;
    },

    async "chat owner: name, picture, id"(payloads) {
      const element = await widget({ open: "", load: "eager" });
      const socket = await element.socket();
      for (const p of payloads) {
        let heard = false;
        element.addEventListener("plura-chat:owner", () => (heard = true), { once: true });
        socket.tell({ type: "chatowner", id: p, name: p, profilepic: p });
        await until(() => heard, "the owner " + p);
        await settled();
        audit(element.shadowRoot, "the owner " + JSON.stringify(p.slice(0, 60)));
      }
      await element.destroy();
      return 3;
    },

    async "recv: content, name, picture, id"(payloads) {
      const element = await widget({ open: "", load: "eager" });
      const socket = await element.socket();
      let shown = 0;
      for (const [i, p] of payloads.entries()) {
        socket.tell({ type: "recv", id: p + i, name: p, profilepic: p, content: p });
        socket.tell({ type: "message", id: "m" + i, content: "plain " + i });
        if (i % 25 === 24 || i === payloads.length - 1) {
          await until(
            () =>
              [...element.shadowRoot.querySelectorAll("[data-from=agent] [part~=bubble]")].at(-1)?.textContent ===
              "plain " + i,
            "recv " + i,
          );
          audit(element.shadowRoot, "a recv up to " + JSON.stringify(p.slice(0, 60)));
        }
      }
      // Rows that are not in view are drawn when the page is idle.
      await until(
        () =>
          element.shadowRoot.querySelectorAll("[data-from=visitor] [part~=bubble]").length >= payloads.length * 0.95,
        "all recvs",
      );
      audit(element.shadowRoot, "all recvs");
      for (const bubble of element.shadowRoot.querySelectorAll("[data-from=visitor] [part~=bubble]")) {
        shown += bubble.childElementCount === 0;
      }
      if (shown < payloads.length * 0.95) {
        problem("only", shown, "of", payloads.length, "texts of the visitor are shown as texts");
      }
      await element.destroy();
      return 4;
    },

    async "send() and the composer"(payloads) {
      const element = await widget({ open: "", load: "eager" });
      await element.socket();
      const input = element.shadowRoot.querySelector("textarea");
      for (const p of payloads) {
        input.value = p;
        input.dispatchEvent(new Event("input"));
        const sent = element.send(p).then(
          () => "sent",
          (reason) => reason.message,
        );
        if (!/^(sent|the message is (empty|too long))$/.test(await sent)) {
          problem("send", JSON.stringify(p.slice(0, 60)), await sent);
        }
      }
      await settled();
      audit(element.shadowRoot, "send");
      await element.destroy();
      return 2;
    },

    async "session call: error message, answer"(payloads) {
      const element = await widget({ load: "eager" });
      let body = "";
      answer = () => ({ status: 400, body });
      for (const p of payloads) {
        for (const text of [
          JSON.stringify({ status: p, message: p, [p]: p }),
          p,
          JSON.stringify({ flow_id: p, session: p }),
        ]) {
          body = text;
          const refused = await element.identify({ phone, [p]: p }).then(
            () => false,
            () => true,
          );
          if (!refused) {
            problem("identify accepted", body);
          }
        }
        await breath();
        audit(element.shadowRoot, "the session call's error " + JSON.stringify(p.slice(0, 60)));
      }
      answer = () => ({ status: 200, body });
      for (const p of payloads) {
        body = JSON.stringify({ flow_id: p, session: p, flow_port: p, wss_test_url: p });
        await element.identify({ phone, [p]: p }).then(
          () => problem("identify accepted", body),
          () => {},
        );
      }
      await element.destroy();
      return 4;
    },

    async "arguments of the methods"(payloads) {
      const element = await widget({ load: "eager", open: "" });
      answer = () => ({ status: 400, body: "{}" });
      const thrower = new Proxy(
        {},
        {
          get() {
            throw new Error("mine");
          },
        },
      );
      const round = {};
      round.round = round;
      const odd = [
        undefined,
        null,
        true,
        NaN,
        1e308,
        10n,
        Symbol("x"),
        {},
        [],
        () => {},
        class {},
        Object.create(null),
        thrower,
        round,
        new Date(NaN),
        document,
        window,
        { toString: null, valueOf: null },
        {
          toString() {
            throw new Error("mine");
          },
        },
        {
          toJSON() {
            throw new Error("mine");
          },
        },
        { phone: { toJSON: () => phone } },
        { phone: 10n },
        { phone, x: undefined },
        new Proxy([], {}),
        new String("<b>"),
        new Uint8Array(9),
        Object.freeze({ phone }),
        { length: 1e9 },
        { then() {} },
      ];
      for (const p of [...payloads, ...odd]) {
        element.on(
          typeof p === "symbol" || typeof p === "object" || typeof p === "function" ? "x" : String(p),
          () => {},
        )();
        const done = {
          open: element.open(p),
          close: element.close(p),
          toggle: element.toggle(p),
          transcript: element.transcript(p),
          identify: element.identify(p),
          phone: element.identify({ phone: p }),
          record: element.identify({ phone, x: p }),
          list: element.identify([p]),
        };
        if (odd.includes(p)) {
          Object.assign(done, { send: element.send(p), reset: element.reset(p) });
        }
        Object.values(done).forEach((promise) => promise.catch(() => {}));
        for (const [name, promise] of Object.entries(done)) {
          const end = await Promise.race([
            promise.then(
              () => 0,
              () => 0,
            ),
            new Promise((resolve) => setTimeout(resolve, 5000, "late")),
          ]);
          if (end === "late") {
            problem(name, "did not end with", typeof p === "string" ? JSON.stringify(p.slice(0, 60)) : typeof p);
          }
        }
      }
      audit(element.shadowRoot, "an argument");
      // The same before Go runs.
      const early = await widget({}, false);
      const calls = odd.map((p) =>
        Promise.race([
          early.send(p).then(
            () => 0,
            () => 0,
          ),
          early.identify(p).then(
            () => 0,
            () => 0,
          ),
        ]),
      );
      await Promise.all(calls);
      audit(early.shadowRoot, "an early argument");
      await element.destroy();
      await early.destroy();
      return 10;
    },

    async "attributes, changed"(payloads, keys) {
      const element = await widget({
        mode: "inline",
        prechat: "x:Company,phone",
        consent: "required",
        "privacy-url": "https://pictures.invalid/p",
        load: "eager",
      });
      const names =
        "session flow-instance record position open load color theme lang heading subheading placeholder launcher-label privacy-url avatar teaser launcher country consent fallback sound debug".split(
          " ",
        );
      const wordy = (p) => JSON.stringify(Object.fromEntries(keys.map((key) => [key, p])));
      for (const [i, p] of payloads.entries()) {
        for (const name of names) {
          element.setAttribute(name, p);
        }
        element.setAttribute("strings", i % 2 ? wordy(p) : p);
        element.setAttribute(
          "prechat",
          i % 2 ? p : "x:" + p.replaceAll(",", " ") + "*,a.b:" + p.replaceAll(",", " ") + ",phone",
        );
        element.setAttribute("consent", "required");
        element.setAttribute("record", i % 2 ? p : "");
        await settled();
        const form = element.shadowRoot.querySelector("form");
        if (form) {
          for (const input of form.querySelectorAll("input:not([type=checkbox])")) {
            input.value = p;
          }
          form.querySelector("[type=submit]").click();
          await breath();
        }
        audit(element.shadowRoot, "the attribute " + JSON.stringify(p.slice(0, 60)));
      }
      await element.destroy();
      return names.length + 4;
    },

    async "flow-id, and attributes of the facade"(payloads) {
      for (const p of payloads) {
        const bad = await widget({ "flow-id": p }, false);
        audit(bad.shadowRoot, "flow-id " + JSON.stringify(p.slice(0, 60)));
        bad.remove();
        const script = document.createElement("script");
        script.type = "text/plain";
        for (const name of "session record prechat mode position color theme lang heading placeholder launcher-label teaser launcher strings storage socket-url style onclick onfocus id class 2x -".split(
          " ",
        )) {
          script.setAttribute("data-" + name, p);
        }
        script.dataset.flowId = flow();
        const was = document.querySelectorAll("plura-chat").length;
        customElements.get("plura-chat").embed(script);
        const made = [...document.querySelectorAll("plura-chat")].at(-1);
        if (document.querySelectorAll("plura-chat").length !== was + 1 || made.hasAttribute("style") || made.onclick) {
          problem("a tag with", JSON.stringify(p.slice(0, 60)), "made", made?.outerHTML.slice(0, 300));
        }
        audit(made.shadowRoot, "a tag with " + JSON.stringify(p.slice(0, 60)));
        made.remove();
        await made.destroy();
      }
      return 20;
    },

    // And the attributes whose change replaces the instance.
    async "what is stored, and where to"(payloads) {
      for (const [i, p] of payloads.entries()) {
        const id = flow();
        const key = "plura-chat:" + id;
        const at = [Date.now(), 8.64e15, 9e18, p][i % 4];
        const entry = (k, rest) => ({ key: p + k, id: p, name: p, picture: p, text: p, reason: p, at, ...rest });
        const stored = {
          v: 1,
          at: i % 4 === 1 ? p : Date.now(),
          conversation: {
            session: i % 2 ? session : p,
            flow: i % 2 ? id : p,
            owner: { id: p, name: p, picture: p },
            opening: entry("o"),
            entries: [
              entry(0),
              entry(1, { kind: 1 }),
              entry(2, { kind: 1, state: 2 }),
              entry(3, { kind: 2 }),
              entry(4, { kind: 3 }),
              entry(5, { kind: 4 }),
              entry(6, { kind: p }),
              p,
              null,
            ],
          },
          read: p,
          draft: p,
          given: p,
          sound: p,
          teaser: p,
          [p]: p,
        };
        localStorage.setItem(key, i % 5 === 4 ? p : JSON.stringify(stored));
        localStorage.setItem(key + ":aside", p);
        localStorage.setItem("plura-chat:" + p, p);
        localStorage.setItem("plura_session_id", p);
        sessionStorage.setItem(key + ":open", p);
        const element = await widget({
          "flow-id": id,
          load: "eager",
          open: "",
          "socket-url": p,
          "session-url": p,
          reconnect: p,
        });
        if (i % 5 !== 4) {
          await until(() => rows(element).length >= 6, "the record of " + JSON.stringify(p.slice(0, 60)));
        }
        await settled();
        audit(element.shadowRoot, "the record of " + JSON.stringify(p.slice(0, 60)));
        await element.destroy();
        localStorage.clear();
        sessionStorage.clear();
      }
      return 25;
    },

    async "messages of another tab"(payloads) {
      if (!navigator.locks) {
        return 0;
      }
      const id = flow();
      const name = "plura-chat:" + id;
      const channel = new BroadcastChannel(name);
      let release;
      await new Promise((held) =>
        navigator.locks.request(name, () => (held(), new Promise((done) => (release = done)))),
      );
      let seq = 0;
      const post = (message) =>
        channel.postMessage(typeof message === "object" ? JSON.stringify({ from: "holder", ...message }) : message);
      const owner = (p) => ({ id: p, name: p, picture: p });
      const conversation = (p) => ({
        session,
        flow: id,
        owner: owner(p),
        entries: [{ key: p, id: p, text: p, name: p, picture: p }],
      });
      let p = "begin";
      channel.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.kind === "ask") {
          post(
            message.sync
              ? { kind: "snapshot", seq, state: "online", conversation: conversation(p) }
              : { kind: "here", seq },
          );
        } else if (message.kind === "command" && message.n) {
          post({ kind: "heard", text: message.from, n: message.n });
        }
      };
      const element = await widget({ "flow-id": id, load: "eager", open: "" });
      await until(() => rows(element).length > 0, "the mirror");
      let n = 0;
      let since = 0;
      for (p of payloads) {
        const entry = (rest) => ({
          key: "k" + n++,
          id: p,
          name: p,
          picture: p,
          text: p,
          reason: p,
          at: Date.now(),
          ...rest,
        });
        for (const event of [
          { kind: 3, entry: entry() },
          { kind: 3, entry: entry({ kind: 1, state: 2 }) },
          { kind: 2, owner: owner(p) },
          { kind: 1, session, flow: p, resumed: true },
          { kind: 12, err: p },
          { kind: 13, err: p },
          { kind: 6, key: "k" + (n - 1), reason: p },
        ]) {
          post({ kind: "event", seq: ++seq, event });
        }
        await breath();
        if (++since === 25 || p === payloads.at(-1)) {
          await until(() => rows(element).length >= 2 * since, "25 messages up to " + JSON.stringify(p.slice(0, 60)));
          await settled();
          audit(element.shadowRoot, "a message up to " + JSON.stringify(p.slice(0, 60)));
          // The longer the conversation, the more each message costs.
          post({ kind: "snapshot", seq, state: "online", conversation: conversation("begin") });
          await until(() => rows(element).length < 3, "a new beginning");
          since = 0;
        }
      }
      // Messages that no tab of the widget sends.
      for (p of payloads) {
        const entry = (rest) => ({ key: p, id: p, name: p, picture: p, text: p, reason: p, at: p, ...rest });
        channel.postMessage(p);
        for (const kind of ["event", "command", "snapshot", "ask", "here", "heard", "read", "bye", p]) {
          post({
            kind,
            from: p,
            seq: p,
            n: p,
            text: p,
            sync: p,
            reading: p,
            state: p,
            event: { kind: p, state: p, owner: owner(p), entry: entry() },
            command: { kind: p, text: p, key: p, session: p, flow: p },
            conversation: p,
          });
        }
        post({ kind: "event", seq: seq, event: { kind: 0, state: p } });
        for (const thing of [10n, null, undefined, 1, true, [p], { p }, new Date(NaN), new ArrayBuffer(9)]) {
          channel.postMessage(thing);
        }
        await breath();
      }
      await until(() => element.state === "online", "the mirror at the end");
      await settled();
      audit(element.shadowRoot, "a forged message");
      await element.destroy();
      channel.close();
      release();
      return 25;
    },
  };

  /** Counts the elements of the page, and the members of the global object. */
  const census = () => [...document.querySelectorAll("*")].filter(({ localName }) => localName !== "plura-chat").length;

  document.corpus = async (payloads, keys, only) => {
    const before = census();
    payloads.forEach((p) => texts.add("plura-chat: " + p));
    performance.setResourceTimingBufferSize?.(100_000);
    const done = {};
    for (const [name, run] of Object.entries(fields)) {
      if (only && !name.startsWith(only)) {
        continue;
      }
      const start = performance.now();
      document.doing = name;
      const count = await run(payloads, keys);
      done[name] = { fields: count, ms: Math.round(performance.now() - start) };
    }
    if (census() !== before) {
      problem("the page had", before, "elements and has", census());
    }
    // A picture over https may be on any host, but must have the address that was given.
    const pictures = payloads.filter((p) => /^https:\/\//i.test(p) && URL.canParse(p)).map((p) => new URL(p).href);
    for (const { name } of performance.getEntriesByType("resource")) {
      if (!/^(data|blob):/.test(name) && new URL(name).host !== location.host && !pictures.includes(name)) {
        problem("a request to", name);
      }
    }
    return { done, problems: [...problems], trapped, pictures };
  };
})();
