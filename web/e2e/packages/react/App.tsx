"use client";
import { useState } from "react";
import { PluraChat } from "plura-chat/react";

const starters = [{ label: "Prices", text: "What does it cost?" }];

/** A site owner's component, which uses the chat in React 18, React 19 and Next. */
export default function App() {
  const [shown, setShown] = useState(true);
  const [open, setOpen] = useState(false);
  const [theme, setTheme] = useState<"light" | "dark">("light");
  const [ready, setReady] = useState(0);
  const [heard, setHeard] = useState<string[]>([]);
  return (
    <main>
      <button id="open" onClick={() => setOpen(!open)}>
        {open ? "Close" : "Open"}
      </button>
      <button id="change" onClick={() => setTheme("dark")}>
        Dark
      </button>
      <button id="remove" onClick={() => setTimeout(() => setShown(!shown))}>
        {shown ? "Remove" : "Add"}
      </button>
      <output id="ready">{ready}</output>
      <output id="heard">{heard.join("|")}</output>
      {shown && (
        <PluraChat
          flowId="87f66d6d-dba9-4a44-9274-02c6927a083a"
          socketUrl="wss://socket.invalid"
          sessionUrl="https://session.invalid/webchat/session"
          id="chat"
          className="chat"
          style={{ display: "contents" }}
          theme={theme}
          lang={theme === "light" ? "de" : undefined}
          open={open}
          starters={starters}
          onReady={() => setReady((ready) => ready + 1)}
          onOpen={() => setOpen(true)}
          onClose={() => setOpen(false)}
          onMessage={({ from, text }) => setHeard((heard) => [...heard, `${from}: ${text}`])}
        />
      )}
    </main>
  );
}
