// A site owner's component; compiled for React and for Preact.
export const Inline = () => (
  <plura-chat flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a" mode="inline" theme="dark" lang="pt-BR" id="chat" teaser="8s" frame />
);

export const Referred = () => <plura-chat flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a" ref={(element) => void element?.toggleAttribute("open", true)} />;

// @ts-expect-error: flow-id is required
export const Nameless = () => <plura-chat mode="inline" />;

// @ts-expect-error: no such mode
export const Modeless = () => <plura-chat flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a" mode="modal" />;

// @ts-expect-error: the property of that name is the method
export const Opened = () => <plura-chat flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a" open />;
