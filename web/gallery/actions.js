// @ts-check
/** What a visitor does, in the steps that lead to a state. */
import { fastForward } from "./clock.js";
import { element, find, isVisible, messageShown, part, partShown, stateIs, until, untilOrLater } from "./widget.js";

export const send = (/** @type {string} */ text) => element.send(text).catch(() => {});

export const fill = (/** @type {string} */ name, /** @type {string} */ text) => {
  const input = find(`#field-${name}`);
  input.value = text;
  input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
};

export const submitForm = async () => {
  await partShown("prechat");
  find("[type=submit]").click();
};

/** Fills in and submits the form as a visitor does who wants to chat. */
export const completeForm = async () => {
  await partShown("prechat");
  fill("first_name", "Dana");
  fill("email", "dana@example.com");
  fill("phone", "(555) 210-0142");
  find("#field-consent").click();
  await submitForm();
};

/** Waits for a stored conversation and its connection. */
export const conversationResumed = async () => {
  await messageShown("");
  await stateIs("online");
};

/** Waits for a stored conversation, and scrolls to the beginning of its last message, or as far as the log goes. */
export const answerBegins = async () => {
  await conversationResumed();
  const log = part("log");
  await until("the beginning of the answer", () => {
    const [answer] = [...log.querySelectorAll("[part~=message]")].slice(-1);
    const ahead = answer.getBoundingClientRect().top - log.getBoundingClientRect().top - 40; // below the status
    const least = Math.max(-log.scrollTop, Math.min(ahead, log.scrollHeight - log.clientHeight - log.scrollTop));
    log.scrollTop += least;
    return Math.abs(least) < 2;
  });
};

/** Waits for the greeting as Go draws it, with a time. */
export const greetingShown = () =>
  until("the greeting", () => find("[data-from=agent] .meta span")?.textContent?.trim());

/** Waits until Go gives up initialising the session, which takes half a minute of its clock. */
export const sessionFailed = async () => {
  const advance = fastForward();
  await until("the notice", () => isVisible(part("notice")) || void advance());
};

/** Waits until a notice says why the chat is not available. */
export const chatUnavailable = () =>
  until("the notice and no composer", () => isVisible(part("notice")) && !isVisible(part("composer")));

const openMenu = async () => {
  (await until("the menu", () => find("[data-do=menu]"))).click();
};

/** Makes Go crash when it draws a question in the panel. */
export const crash = async () => {
  await conversationResumed();
  const panel = part("panel");
  panel.appendChild = () => {
    throw new Error("a crash on purpose");
  };
  await openMenu();
  find("[data-do=ask-new]").click();
  await until("the next panel", () => part("panel") !== panel);
};

/** Widens the panel, if the button for that appears. */
export const expand = async () => {
  await untilOrLater(() => find("[part~=expand]"));
  find("[part~=expand]")?.click();
  if (find("[part~=expand]")) {
    await untilOrLater(() => find("[part~=expand][aria-pressed=true]"));
  }
};

/** Opens the menu and chooses an entry, if one is given. */
export const chooseInMenu = async (/** @type {string} */ entry) => {
  await conversationResumed();
  await openMenu();
  await partShown("menu");
  if (entry) {
    find(`[data-do=${entry}]`).click();
    await until("the question", () => find("[role=alertdialog]"));
  }
};

/**
 * Simulates a keyboard on the screen of a phone, which browsers do not show to a program: the window keeps its size,
 * and the visual viewport gets smaller.
 */
export const showKeyboard = () => {
  const keys = document.createElement("div");
  document.body.append(Object.assign(keys, { id: "keyboard", ariaHidden: "true" }));
  const visual = new EventTarget();
  const members = {
    width: () => innerWidth,
    height: () => innerHeight - keys.offsetHeight,
    offsetTop: () => 0,
    offsetLeft: () => 0,
    scale: () => 1,
  };
  for (const [name, get] of Object.entries(members)) {
    Object.defineProperty(visual, name, { get });
  }
  Object.defineProperty(window, "visualViewport", { get: () => visual });
};
