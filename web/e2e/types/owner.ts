// A site owner's program, which TypeScript must accept; and with @ts-expect-error what it must not.
import type { PluraChatAttributes, PluraChatContact, PluraChatMessage, PluraChatStarter, PluraChatStrings, PluraChatTeaserRule } from "../../types/plura-chat";

(window.PluraChat = window.PluraChat || []).push((chat) => chat.identify({ phone: "+15551234567", first_name: "Dana", plan: { seats: 3 } }));
(window.PluraChat ||= []).push((chat) => void chat.open());
window.PluraChat = [(chat) => chat.close()];

const chat = window.PluraChat;

async function use(): Promise<PluraChatMessage[]> {
  await chat.open();
  await chat.close();
  await chat.toggle();
  const { id } = await chat.send("Hello");
  await chat.draft("I would like a quote for ");
  const { sessionId } = await chat.identify({ phone: "+15551234567" });
  await chat.reset();
  await chat.destroy();
  const text: string = chat.version + id + sessionId;
  const waiting = chat.state === "reconnecting" || chat.unread > 0;
  console.log(text, waiting);
  return chat.transcript();
}

const off: () => void = chat.on("message", ({ from, text, at, name }) => console.log(from === "agent", text, at, name));
chat.on("ready", (nothing) => console.log(nothing === null));
chat.on("status", ({ state }) => state === "online" && off());
chat.on("session", ({ id, flowId, resumed }) => console.log(id, flowId, resumed === true));
chat.on("owner", ({ id, name, picture }) => console.log(id, name, picture));
chat.on("unread", ({ count }) => count.toFixed());
chat.on("failed", ({ text, reason }) => text + reason);
chat.on("suggestion", ({ text, kind }) => kind === "starter" || kind === "reply" || text.length);
chat.on("link", ({ url }) => new URL(url));
chat.on("error", ({ code, message }) => code + message);

const element = document.createElement("plura-chat");
element.setAttribute("flow-id", "87f66d6d-dba9-4a44-9274-02c6927a083a");
element.addEventListener("plura-chat:sent", (event) => event.detail.id + event.currentTarget);
element.addEventListener("click", (event) => event.clientX);
document.querySelector("plura-chat")?.send("Hi");
document.addEventListener("plura-chat:unread", ({ detail }) => detail.count);
document.addEventListener("plura-chat:link", (event) => new URL(event.detail.url).origin === location.origin && event.preventDefault());
element.addEventListener("plura-chat:suggestion", ({ detail }) => detail.kind + detail.text);
element.draft("Hi");
window.addEventListener("plura-chat:identify", ({ detail }) => detail.sessionId);

const words: PluraChatStrings = { heading: "Ask us", "unread.one": "{n} new", "unread.few": "{n} new", teaser: "Questions?" };
element.setAttribute("strings", JSON.stringify(words));
const newWords: PluraChatStrings = { suggestions: "Ideas", contacts: "Contact us", expand: "Wider", aiNotice: "An AI answers", table: "Table", image: "Picture", done: "Done", notDone: "To do" };

const starters: PluraChatStarter[] = [{ label: "Prices", text: "What does a new roof cost?" }];
const contacts: PluraChatContact[] = [{ label: "Call us", url: "tel:+15551234567" }];
const rules: PluraChatTeaserRule[] = [
  { on: "/pricing*", after: "8s", text: "Questions about prices?", starters: "Prices|Book a visit" },
  { after: "scroll 50%" },
  { after: "idle 30s", visits: 2 },
  { after: "exit" },
];
const attributes: PluraChatAttributes = {
  "flow-id": "87f66d6d-dba9-4a44-9274-02c6927a083a",
  metadata: JSON.stringify({ plan: "trial" }),
  attribution: "session",
  analytics: "datalayer",
  "launcher-text": "Ask us",
  "launcher-icon": "https://cdn.example.com/icon.svg",
  starters: JSON.stringify(starters),
  "quick-replies": "off",
  disclaimer: "ai",
  contacts: JSON.stringify(contacts),
  links: "own",
  "image-hosts": "cdn.example.com *.example.org",
  expand: "on",
  teaser: JSON.stringify(rules),
};
for (const [name, value] of Object.entries(attributes)) {
  element.setAttribute(name, String(value));
}

// @ts-expect-error: no such method
chat.destroyAll();
// @ts-expect-error: a phone is required
chat.identify({ first_name: "Dana" });
// @ts-expect-error: no such event
chat.on("typing", () => {});
// @ts-expect-error: no such field
chat.on("unread", ({ number }) => number);
// @ts-expect-error: read only
chat.unread = 0;
// @ts-expect-error: no such state
console.log(chat.state === "disconnected");
// @ts-expect-error: no such word
const misspelt: PluraChatStrings = { headline: "Ask us" };
// @ts-expect-error: no such plural
const plural: PluraChatStrings = { "unread.single": "one" };
// @ts-expect-error: no such kind
chat.on("suggestion", ({ kind }) => kind === "menu");
// @ts-expect-error: a text is required
chat.draft();
// @ts-expect-error: no such value
const elsewhere: Partial<PluraChatAttributes> = { links: "self" };
// @ts-expect-error: a rule without its moment
const timeless: PluraChatTeaserRule = { on: "/pricing*" };

export { use, misspelt, plural, newWords, elsewhere, timeless };
