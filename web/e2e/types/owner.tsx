// A site owner's component; compiled for React and for Preact.
export const Inline = () => (
  <plura-chat flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a" mode="inline" theme="dark" lang="pt-BR" id="chat" teaser="8s" frame />
);

export const Suggesting = () => (
  <plura-chat
    flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a"
    starters="Prices|Book a visit"
    quick-replies="off"
    disclaimer="ai"
    metadata={JSON.stringify({ plan: "trial" })}
    attribution="session"
    analytics="datalayer"
    launcher-text="Ask us"
    launcher-icon="https://cdn.example.com/icon.png"
    contacts={JSON.stringify([{ label: "Call us", url: "tel:+15551234567" }])}
    links="own"
    image-hosts="cdn.example.com"
    expand="on"
    teaser={JSON.stringify([{ on: "/pricing*", after: "8s" }])}
  />
);

export const Referred = () => <plura-chat flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a" ref={(element) => void element?.toggleAttribute("open", true)} />;

// @ts-expect-error: flow-id is required
export const Nameless = () => <plura-chat mode="inline" />;

// @ts-expect-error: no such mode
export const Modeless = () => <plura-chat flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a" mode="modal" />;

// @ts-expect-error: no such value
export const Measured = () => <plura-chat flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a" analytics="ga4" />;

// @ts-expect-error: the property of that name is the method
export const Opened = () => <plura-chat flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a" open />;
