import { useState } from "react";
import Dialog from "@mui/material/Dialog";
import * as Radix from "@radix-ui/react-dialog";
import { PluraChat } from "plura-chat/react";

/** Keeps a dialog of Radix open when the visitor clicks in the chat. */
const keepBesideChat = (event: Event) => {
  if ((event.target as Element).closest("plura-chat")) event.preventDefault();
};

/** A site owner's component, with the chat beside a dialog of MUI and one of Radix. */
export default function App() {
  const [open, setOpen] = useState(false);
  return (
    <main>
      <button id="mui" onClick={() => setOpen(true)}>
        MUI
      </button>
      <Dialog open={open} onClose={() => setOpen(false)}>
        <input id="mui-field" aria-label="Name" />
      </Dialog>
      <Radix.Root>
        <Radix.Trigger id="radix">Radix</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content aria-describedby={undefined} onInteractOutside={keepBesideChat}>
            <Radix.Title>Our offer</Radix.Title>
            <input id="radix-field" aria-label="Name" />
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
      <PluraChat
        flowId="87f66d6d-dba9-4a44-9274-02c6927a083a"
        socketUrl="wss://socket.invalid"
        sessionUrl="https://session.invalid/webchat/session"
      />
    </main>
  );
}
