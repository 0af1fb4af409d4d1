/** What the server says, by name. Each field gets all payloads and returns how many it has shown. */
const serverFields = {
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
      () => element.shadowRoot.querySelectorAll("[data-from=visitor] [part~=bubble]").length >= payloads.length * 0.95,
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
};
