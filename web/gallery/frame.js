// @ts-check
/**
 * Brings the widget of this page into the state that the page names, as a visitor would, and then says so: data-ready on the root element.
 * What cannot be done is said by data-error.
 */

const { state, attributes, seed, later, ask } = /** @type {Record<string, string>} */ ({ ...document.body.dataset });

/** Milliseconds since the page began. */
const clock = performance.now.bind(performance);

/** Every picture is taken at the same minute. */
const start = new Date(2026, 2, 12, 10, 24).getTime();
const began = clock();
const RealDate = Date;
window.Date = /** @type {any} */ (
  class extends RealDate {
    /** @param {any[]} args */
    constructor(...args) {
      // @ts-ignore: whatever Date takes
      super(...(args.length ? args : [Date.now()]));
    }
    static now() {
      return start + Math.floor(clock() - began);
    }
  }
);

const element = document.createElement("plura-chat");
for (const [name, value] of Object.entries(JSON.parse(attributes))) {
  element.setAttribute(name, value);
}
const key = "plura-chat:" + element.getAttribute("flow-id");

/** What the state begins with. */
sessionStorage.removeItem(key);
sessionStorage.removeItem(key + ":open");
if (seed) {
  const record = JSON.parse(seed);
  record.at = start;
  for (const entry of record.conversation.entries) {
    if (entry.ago) {
      entry.at = start - entry.ago * 60000;
    }
  }
  sessionStorage.setItem(key, JSON.stringify(record));
}

/** The first node with that part. @returns {any} */
const part = (/** @type {string} */ name) => element.shadowRoot?.querySelector(`[part~=${name}]`);

/** The first node that a selector finds. @returns {any} */
const find = (/** @type {string} */ selector) => element.shadowRoot?.querySelector(selector);

const visible = (/** @type {Element | null | undefined} */ node) => (node?.getClientRects().length ?? 0) > 0;

/**
 * Resolves with what found returns, once that is true.
 * @template T
 * @param {string} what for the error
 * @param {() => T} found
 * @returns {Promise<T>}
 */
const until = (what, found, patience = 20000) =>
  new Promise((resolve, reject) => {
    const end = clock() + patience;
    const look = () => {
      const it = found();
      if (it) {
        resolve(it);
      } else if (clock() > end) {
        reject(new Error("waited in vain for " + what));
      } else {
        setTimeout(look, 20);
      }
    };
    look();
  });

const shown = (/** @type {string} */ name) => until(name, () => visible(part(name)) && part(name));
const said = (/** @type {string} */ selector) => until(selector, () => find(`[part~=message]${selector}`));
const status = (/** @type {string} */ name) => until("the state " + name, () => /** @type {any} */ (element).state === name);
const send = (/** @type {string} */ text) => /** @type {any} */ (element).send(text).catch(() => {});

const fill = (/** @type {string} */ name, /** @type {string} */ text) => {
  const input = find(`#field-${name}`);
  input.value = text;
  input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
};

const submit = async () => {
  await shown("prechat");
  find("[type=submit]").click();
};

/** Fills in the form as somebody who wants to chat does. */
const introduce = async () => {
  await shown("prechat");
  fill("first_name", "Dana");
  fill("email", "dana@example.com");
  fill("phone", "(555) 210-0142");
  find("#field-consent").click();
  await submit();
};

/**
 * A keyboard on the screen, which no browser shows to a program: it leaves the window as it is, and makes what can be seen of it smaller.
 * Wide screens have none.
 */
const keyboard = () => {
  const keys = document.body.appendChild(Object.assign(document.createElement("div"), { id: "keyboard", ariaHidden: "true" }));
  const visual = new EventTarget();
  for (const [name, get] of Object.entries({ width: () => innerWidth, height: () => innerHeight - keys.offsetHeight, offsetTop: () => 0, offsetLeft: () => 0, scale: () => 1 })) {
    Object.defineProperty(visual, name, { get });
  }
  Object.defineProperty(window, "visualViewport", { get: () => visual });
};

/** Moves the clock that Go reads on, so that it need not be waited for. */
const hurry = () => {
  let ahead = 0;
  performance.now = () => clock() + ahead;
  return () => {
    ahead += 1000;
    dispatchEvent(new Event("resize")); // Go looks at its timers when something happens
  };
};

/** Before there is a widget. @type {Record<string, () => unknown>} */
const before = {
  offline: () => Object.defineProperty(navigator, "onLine", { get: () => false }),
  keyboard,
};

/** A conversation from the storage, and a connection. */
const resumed = async () => {
  await said("");
  await status("online");
};

/** The tries to initialise a session are half a minute. */
const givenUp = async () => {
  const on = hurry();
  await until("the notice", () => visible(part("notice")) || void on());
};

/** It says why there is nobody to write to. */
const mute = () => until("the notice and no composer", () => visible(part("notice")) && !visible(part("composer")));

/** Makes the next thing that Go draws in the panel throw. */
const fall = async () => {
  await resumed();
  const panel = part("panel");
  panel.appendChild = () => {
    throw new Error("made to fall");
  };
  (await until("the menu", () => find("[data-do=menu]"))).click();
  find("[data-do=ask-new]").click();
  await until("the next panel", () => part("panel") !== panel);
};

const chosen = async (/** @type {string} */ act) => {
  await resumed();
  (await until("the menu", () => find("[data-do=menu]"))).click();
  await shown("menu");
  if (act) {
    find(`[data-do=${act}]`).click();
    await until("the question", () => find("[role=alertdialog]"));
  }
};

/** By Go, with a time. */
const greeted = () => until("the greeting", () => find("[data-from=agent] .meta span")?.textContent?.trim());

/** What is done, and waited for. @type {Record<string, () => unknown>} */
const drive = {
  launcher: () => shown("launcher"),
  teaser: () => shown("teaser"),
  unread: () => shown("badge"),
  "unread-many": () => shown("badge"),
  loading: () => until("the composer's name", () => part("input")?.ariaLabel || part("input")?.getAttribute("aria-label")),
  greeted: () => said("[data-from=agent]"),
  connecting: () => until("the words", () => part("status")?.textContent),
  greeting: () => greeted(),
  "greeting-worded": () => greeted(),
  prechat: () => shown("prechat"),
  async "prechat-errors"() {
    await shown("prechat");
    fill("email", "dana@");
    fill("phone", "12");
    await submit();
    await until("an error", () => find("[aria-invalid]"));
  },
  async refused() {
    await introduce();
    await shown("notice");
  },
  async "form-failed"() {
    await introduce();
    await givenUp();
  },
  conversation: resumed,
  markdown: resumed,
  async "long-answer"() {
    await greeted();
    send(ask);
    await until("the answer", () => element.shadowRoot?.querySelectorAll("[part~=message][data-from=agent]").length === 2);
  },
  async waiting() {
    await greeted();
    send(ask);
    await shown("typing");
  },
  async sending() {
    await greeted();
    send(ask);
    // Only what takes a while is seen to.
    await until("its colour", () => find("[data-state=sending]:not(.provisional) [part~=bubble]")?.getAnimations().some((/** @type {Animation} */ a) => a.playState === "finished"));
  },
  failed: () => said("[data-state=failed]"),
  async offline() {
    await said("");
    await status("offline");
  },
  async reconnecting() {
    await until("Go", () => part("panel")?.dataset.state === "idle"); // it is its connection that is lost
    /** @type {any} */ (element).open();
    await greeted();
    await status("reconnecting");
  },
  async jump() {
    await resumed();
    const log = part("log");
    await until("the end of the log", () => log.scrollTop > 0);
    log.scrollTop = 0;
    // Its listener is called in the next frame.
    await new Promise((resolve) => log.addEventListener("scroll", () => setTimeout(resolve, 50), { once: true }));
    await fetch(later, { method: "POST" });
    await shown("jump");
  },
  "new-conversation": resumed,
  ended: resumed,
  dropped: resumed,
  draft: () => until("the draft", () => part("input")?.clientHeight > 100),
  counter: () => until("the counter", () => visible(find(".counter"))),
  "too-long": () => until("the counter", () => visible(find(".counter.over"))),
  menu: () => chosen(""),
  "menu-sound": () => chosen(""),
  "ask-new": () => chosen("ask-new"),
  "ask-end": () => chosen("ask-end"),
  hostile: resumed,
  async keyboard() {
    await resumed();
    part("input").focus();
  },
  "session-failed": givenUp,
  async stopped() {
    await fall(); // of which it recovers by itself
    await fall();
    await shown("notice");
  },
  unavailable: mute,
  forbidden: mute,
  broken: () => shown("notice"),
  lost: () => shown("notice"),
  inline: resumed,
  "inline-greeting": () => status("idle"),
  "own-launcher": resumed,
};

/** Everything has loaded, and what moves has come to rest: at its end, or at its beginning where it has none. */
const settle = async () => {
  await document.fonts.ready;
  await Promise.all([...(element.shadowRoot?.querySelectorAll("img") ?? [])].map((image) => image.decode().catch(() => {})));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  for (const animation of element.shadowRoot?.getAnimations() ?? []) {
    if (animation.effect?.getComputedTiming().iterations === Infinity) {
      animation.pause();
      animation.currentTime = 0;
    } else {
      animation.finish();
    }
  }
};

try {
  await before[state]?.();
  (document.getElementById("place") ?? document.body).append(element);
  await drive[state]();
  await settle();
  document.documentElement.dataset.ready = "";
} catch (reason) {
  document.documentElement.dataset.error = String(reason);
}
