// @ts-check
/** The steps to each state of states.go, by the state's name. */
import {
  answerBegins,
  chatUnavailable,
  chooseInMenu,
  completeForm,
  conversationResumed,
  crash,
  expand,
  fill,
  greetingShown,
  send,
  sessionFailed,
  showKeyboard,
  submitForm,
} from "./actions.js";
import {
  ask,
  element,
  find,
  isVisible,
  later,
  messageShown,
  part,
  partShown,
  stateIs,
  until,
  untilOrLater,
} from "./widget.js";

/** The steps before the widget is on the page. @type {Record<string, () => unknown>} */
export const before = {
  offline: () => Object.defineProperty(navigator, "onLine", { get: () => false }),
  keyboard: showKeyboard,
};

/** The steps after the widget is on the page. @type {Record<string, () => unknown>} */
export const steps = {
  launcher: () => partShown("launcher"),
  teaser: () => partShown("teaser"),
  async "teaser-rules"() {
    await partShown("launcher");
    await untilOrLater(() => isVisible(part("teaser")));
  },
  async "launcher-text"() {
    await partShown("launcher");
    await untilOrLater(() => part("launcher").textContent.includes("Ask us"));
  },
  unread: () => partShown("badge"),
  "unread-many": () => partShown("badge"),
  loading: () =>
    until("the composer's name", () => part("input")?.ariaLabel || part("input")?.getAttribute("aria-label")),
  greeted: () => messageShown("[data-from=agent]"),
  connecting: () => until("the words", () => part("status")?.textContent),
  greeting: greetingShown,
  "greeting-worded": greetingShown,
  async starters() {
    await greetingShown();
    await untilOrLater(() => isVisible(part("starters")));
  },
  async disclaimer() {
    await conversationResumed();
    await untilOrLater(() => isVisible(part("disclaimer")));
  },
  prechat: () => partShown("prechat"),
  async "prechat-errors"() {
    await partShown("prechat");
    fill("email", "dana@");
    fill("phone", "12");
    await submitForm();
    await until("an error", () => find("[aria-invalid]"));
  },
  async refused() {
    await completeForm();
    await partShown("notice");
  },
  async "form-failed"() {
    await completeForm();
    await sessionFailed();
  },
  conversation: conversationResumed,
  markdown: conversationResumed,
  "answer-prices": answerBegins,
  "answer-steps": answerBegins,
  "answer-comparison": answerBegins,
  "answer-itinerary": answerBegins,
  "answer-bilingual": answerBegins,
  "answer-formulas": answerBegins,
  "answer-checklist": answerBegins,
  "answer-links": conversationResumed, // the quick replies are at its end
  "answer-arabic": answerBegins,
  "answer-long": answerBegins,
  async "long-answer"() {
    await greetingShown();
    send(ask);
    const answers = "[part~=message][data-from=agent]";
    await until("the answer", () => element.shadowRoot?.querySelectorAll(answers).length === 2);
  },
  async waiting() {
    await greetingShown();
    send(ask);
    await partShown("typing");
  },
  async sending() {
    await greetingShown();
    send(ask);
    // The bubble's colour shows only when sending takes a while.
    const bubble = "[data-state=sending]:not(.provisional) [part~=bubble]";
    const finished = (/** @type {Animation} */ animation) => animation.playState === "finished";
    await until("its colour", () => find(bubble)?.getAnimations().some(finished));
  },
  failed: () => messageShown("[data-state=failed]"),
  async offline() {
    await messageShown("");
    await stateIs("offline");
  },
  async reconnecting() {
    await until("Go", () => part("panel")?.dataset.state === "idle"); // Go must run before the connection is lost
    element.open();
    await greetingShown();
    await stateIs("reconnecting");
  },
  async jump() {
    await conversationResumed();
    const log = part("log");
    await until("the end of the log", () => log.scrollTop > 0);
    log.scrollTop = 0;
    // The scroll event comes in the next frame.
    await new Promise((resolve) => log.addEventListener("scroll", () => setTimeout(resolve, 50), { once: true }));
    await fetch(later, { method: "POST" });
    await partShown("jump");
  },
  "new-conversation": conversationResumed,
  ended: conversationResumed,
  dropped: conversationResumed,
  draft: () => until("the draft", () => part("input")?.clientHeight > 100),
  counter: () => until("the counter", () => isVisible(find(".counter"))),
  "too-long": () => until("the counter", () => isVisible(find(".counter.over"))),
  menu: () => chooseInMenu(""),
  "menu-sound": () => chooseInMenu(""),
  async contacts() {
    await chooseInMenu("");
    await untilOrLater(() => find("[part~=menu] a[href^='tel:']"));
  },
  async expanded() {
    await answerBegins();
    await expand();
  },
  "ask-new": () => chooseInMenu("ask-new"),
  "ask-end": () => chooseInMenu("ask-end"),
  hostile: conversationResumed,
  async keyboard() {
    await conversationResumed();
    part("input").focus();
  },
  "session-failed": sessionFailed,
  async stopped() {
    await crash(); // after which the widget restarts by itself
    await crash();
    await partShown("notice");
  },
  unavailable: chatUnavailable,
  async "contacts-unavailable"() {
    await chatUnavailable();
    await untilOrLater(() => find("[part~=notice] a[href^='tel:']"));
  },
  forbidden: chatUnavailable,
  broken: () => partShown("notice"),
  lost: () => partShown("notice"),
  inline: conversationResumed,
  "inline-greeting": () => stateIs("idle"),
  "own-launcher": conversationResumed,
};
