/** What is stored, and what other tabs say, by name. Each field gets all payloads and returns how many it has shown. */
const storedFields = {
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
      localStorage.setItem(key + ":draft", i % 3 ? JSON.stringify({ v: 1, at: stored.at, draft: p, sound: p }) : p);
      localStorage.setItem(key + ":sound", i % 3 ? JSON.stringify({ v: 1, sound: p, draft: p }) : p);
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
    await new Promise((held) => navigator.locks.request(name, () => (held(), new Promise((done) => (release = done)))));
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
