/** What the page says, by name. Each field gets all payloads and returns how many it has shown. */
const pageFields = {
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
};
