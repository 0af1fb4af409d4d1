// A site owner's program that uses the npm package.
import type { PluraChatElement } from "plura-chat";
import { load } from "plura-chat/load";
import { PluraChat } from "plura-chat/react";

const flowId = "87f66d6d-dba9-4a44-9274-02c6927a083a";

export const ask = async () => {
  const chat = await load({ src: "https://cdn.example.com/plura-chat.js", nonce: "abc" });
  await chat.send("hello");
};

export const Full = () => (
  <PluraChat
    flowId={flowId}
    src="/chat/plura-chat.js"
    id="chat"
    className="chat"
    style={{ height: 600 }}
    data-testid="chat"
    mode="inline"
    open
    quickReplies="off"
    launcherText="Ask us"
    record={{ phone: "+15551234567", seats: 12 }}
    metadata={{ plan: "trial" }}
    teaser={[{ on: "/pricing*", after: "8s" }]}
    starters={[{ label: "Prices", text: "What does it cost?" }]}
    contacts={[{ label: "Call us", url: "tel:+15551234567" }]}
    strings={{ heading: "Ask us", "unread.one": "one" }}
    ref={(element: PluraChatElement | null) => void element?.addEventListener("plura-chat:ready", () => element.open())}
    onReady={() => console.log("ready")}
    onMessage={({ from, text }) => console.log(from, text)}
    onUnread={({ count }) => console.log(count)}
    onLink={({ url }, event) => (url.startsWith("/") ? event.preventDefault() : undefined)}
  />
);

export const Texts = () => <PluraChat flowId={flowId} teaser="8s" starters="Prices|Book a visit" open={false} />;

// @ts-expect-error: flowId is required
export const Nameless = () => <PluraChat mode="inline" />;

// @ts-expect-error: no such prop
export const Kebab = () => <PluraChat flowId={flowId} quickreplies="off" />;

// @ts-expect-error: no such value
export const Modeless = () => <PluraChat flowId={flowId} mode="modal" />;

// @ts-expect-error: no such event
export const Deaf = () => <PluraChat flowId={flowId} onClick={() => {}} />;

// @ts-expect-error: lead data needs a phone number
export const Phoneless = () => <PluraChat flowId={flowId} record={{ first_name: "John" }} />;

// @ts-expect-error: a message has no such field
export const Misread = () => <PluraChat flowId={flowId} onMessage={({ subject }) => console.log(subject)} />;
