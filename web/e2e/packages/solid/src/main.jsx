import { Show, createSignal } from "solid-js";
import { render } from "solid-js/web";
import "plura-chat";

const starters = JSON.stringify([{ label: "Prices", text: "What does it cost?" }]);

const App = () => {
  const [shown, setShown] = createSignal(true);
  const [open, setOpen] = createSignal(false);
  const [theme, setTheme] = createSignal("light");
  const [heard, setHeard] = createSignal([]);
  // JSX allows only one colon in a name, so Solid's on: cannot name these events.
  const listen = (chat) => {
    chat.addEventListener("plura-chat:open", () => setOpen(true));
    chat.addEventListener("plura-chat:close", () => setOpen(false));
    chat.addEventListener("plura-chat:message", ({ detail }) =>
      setHeard([...heard(), `${detail.from}: ${detail.text}`]),
    );
  };
  return (
    <main>
      <button id="open" onClick={() => setOpen(!open())}>
        {open() ? "Close" : "Open"}
      </button>
      <button id="change" onClick={() => setTheme("dark")}>
        Dark
      </button>
      <button id="remove" onClick={() => setShown(false)}>
        Remove
      </button>
      <output id="heard">{heard().join("|")}</output>
      <Show when={shown()}>
        <plura-chat
          attr:flow-id="87f66d6d-dba9-4a44-9274-02c6927a083a"
          attr:socket-url="wss://socket.invalid"
          attr:session-url="https://session.invalid/webchat/session"
          id="chat"
          class="chat"
          style={{ display: "contents" }}
          attr:theme={theme()}
          attr:lang={theme() === "light" ? "de" : null}
          bool:open={open()}
          attr:starters={starters}
          ref={listen}
        />
      </Show>
    </main>
  );
};

render(App, document.getElementById("root"));
