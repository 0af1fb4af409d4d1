/**
 * Types of plura-chat, for the programs that embed it: window.PluraChat, the element <plura-chat> in the DOM and in JSX (React, Preact),
 * and its events. Put this file among your sources, or name it in "include" of tsconfig.json.
 */

/** What the widget is doing. `failed`: it has given up, and says so to the visitor. */
export type PluraChatState = "idle" | "loading" | "connecting" | "online" | "reconnecting" | "offline" | "failed";

/**
 * Lead data of a visitor. Further fields may have any JSON value. It is sent to Plura AI, and never stored or logged by the widget.
 */
export interface PluraChatRecord {
  /** In international form: `+15551234567`. */
  phone: string;
  first_name?: string;
  last_name?: string;
  [field: string]: unknown;
}

/** One message, of either side. */
export interface PluraChatMessage {
  id: string;
  from: "agent" | "visitor";
  /** Who said it; empty for the visitor. */
  name: string;
  /** As it was sent: Markdown, never HTML. */
  text: string;
  /** RFC 3339, UTC; empty where nobody knows: a repeated message has no time. */
  at: string;
}

/** The events, and what each one's `detail` is. The element dispatches them as `plura-chat:` and the name. */
export interface PluraChatEvents {
  /** The chat itself has taken over from the launcher. */
  ready: null;
  open: null;
  close: null;
  /** With the reason why there is no connection, where it is known. */
  status: { state: PluraChatState; reason?: string };
  /** There is a conversation. Whoever knows its id can read it. */
  session: { id: string; flowId: string; resumed: boolean };
  /** Who the visitor is talking to. */
  owner: { id: string; name: string; picture: string };
  message: PluraChatMessage;
  /** The server has a message of the visitor. */
  sent: { id: string; text: string };
  /** A message of the visitor has not reached the server, and the widget no longer tries. */
  failed: { text: string; reason: string };
  unread: { count: number };
  /** A session was initialised with lead data. */
  identify: { sessionId: string };
  reset: null;
  error: { code: "download" | "failed" | "session" | "server" | "connection" | "exit" | "panic" | "internal" | (string & {}); message: string };
}

/** What window.PluraChat and every element <plura-chat> can do. Calls made before the chat is there wait for it. */
export interface PluraChatMethods {
  open(): Promise<void>;
  close(): Promise<void>;
  toggle(): Promise<void>;
  /** Sends as the visitor. Rejects with the reason when the message could not be sent. */
  send(text: string): Promise<{ id: string }>;
  /** Initialises a session with this lead data and continues in it. */
  identify(record: PluraChatRecord): Promise<{ sessionId: string }>;
  /** Ends the conversation on this device: forgets it, and starts anew. */
  reset(): Promise<void>;
  /** The messages so far. */
  transcript(): Promise<PluraChatMessage[]>;
  /** Closes the connection and removes the element and every trace on the page. What is stored stays. */
  destroy(): Promise<void>;
  /** Listens to an event, by its name without `plura-chat:`. Returns a function that stops it. */
  on<Name extends keyof PluraChatEvents>(event: Name, listener: (detail: PluraChatEvents[Name]) => void): () => void;
  readonly state: PluraChatState;
  /** How many messages of the agent the visitor has not seen. */
  readonly unread: number;
  /** Of the script. */
  readonly version: string;
}

/** window.PluraChat: speaks for the page's first widget. */
export interface PluraChat extends PluraChatMethods {
  /** Calls each function with this object, at once. */
  push(...calls: ((chat: PluraChat) => void)[]): void;
}

/** The element <plura-chat>. */
export interface PluraChatElement extends HTMLElement, PluraChatMethods {
  addEventListener<Name extends keyof PluraChatEventMap>(
    type: Name,
    listener: (this: PluraChatElement, event: PluraChatEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: PluraChatElement, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

/** The events by the names under which the element dispatches them; they bubble. */
export type PluraChatEventMap = { [Name in keyof PluraChatEvents as `plura-chat:${Name}`]: CustomEvent<PluraChatEvents[Name]> };

/** The words that the attribute `strings` overrides. In braces stands what is put in. */
export type PluraChatWord =
  | "open"
  | "close"
  | "openUnread"
  | "heading"
  | "headingWith"
  | "placeholder"
  | "hint"
  | "message"
  | "send"
  | "connecting"
  | "reconnecting"
  | "offline"
  | "failed"
  | "retry"
  | "remove"
  | "conversation"
  | "sending"
  | "sent"
  | "notSent"
  | "you"
  | "agent"
  | "said"
  | "youSaid"
  | "typing"
  | "newMessages"
  | "showAll"
  | "earlier"
  | "newConversation"
  | "ended"
  | "startNew"
  | "startNewAsk"
  | "confirm"
  | "cancel"
  | "menu"
  | "transcript"
  | "download"
  | "sound"
  | "soundOn"
  | "soundOff"
  | "endDelete"
  | "endDeleteAsk"
  | "today"
  | "yesterday"
  | "copy"
  | "copied"
  | "notCopied"
  | "dropped"
  | "stopped"
  | "restart"
  | "unavailable"
  | "storageOff"
  | "prechatIntro"
  | "first_name"
  | "last_name"
  | "email"
  | "phone"
  | "company"
  | "optional"
  | "start"
  | "required"
  | "phoneBad"
  | "emailBad"
  | "privacy"
  | "consent"
  | "consentNeeded"
  | "sessionFailed"
  | "sessionRefused"
  | "dismiss"
  | "teaser"
  | "titleUnread"
  | `${PluraChatPluralWord}.${Intl.LDMLPluralRule}`;

/** Those that depend on a number; after the dot stands a category of Intl.PluralRules. */
export type PluraChatPluralWord =
  | "tooLong"
  | "charsLeft"
  | "unread";

/** The attribute `strings`, as JSON: `strings={JSON.stringify({heading: "Ask us"} satisfies PluraChatStrings)}`. */
export type PluraChatStrings = Partial<Record<PluraChatWord, string>>;

/** The attributes of <plura-chat>; on the script tag, each with `data-` before. */
export interface PluraChatAttributes {
  /** A UUID: the flow. */
  "flow-id": string;
  /** `webchat-session.{uuid}`: a session that your own server initialised. */
  session?: string;
  /** The instance id that came with `session`. */
  "flow-instance"?: string;
  /** A {@link PluraChatRecord} as JSON. */
  record?: string;
  /** Fields to ask for before the first message: `first_name,phone,company:Company*`. */
  prechat?: string;
  mode?: "bubble" | "inline";
  position?: "end" | "right" | "left";
  /** The panel is open. */
  open?: boolean | "";
  load?: "intent" | "idle" | "eager";
  /** A CSS colour: the accent. */
  color?: string;
  theme?: "auto" | "light" | "dark";
  /** A BCP 47 tag. */
  lang?: string;
  heading?: string;
  subheading?: string;
  placeholder?: string;
  "launcher-label"?: string;
  "privacy-url"?: string;
  /** The URL of a picture. */
  avatar?: string;
  /** A time such as `8s`. */
  teaser?: "none" | (string & {});
  /** A CSS selector: your own button. */
  launcher?: "default" | "none" | (string & {});
  /** Two letters. */
  country?: string;
  consent?: "none" | "required";
  fallback?: "none" | "anonymous";
  /** {@link PluraChatStrings} as JSON. */
  strings?: string;
  sound?: "off" | "on";
  storage?: "local" | "session" | "none";
  reconnect?: "true" | "false";
  "socket-url"?: string;
  "session-url"?: string;
  frame?: boolean | "";
  debug?: boolean | "";
}

/**
 * The element in JSX. Without `open`: frameworks write to a property where there is one of that name, and there it is the method. Call it
 * instead, or set the attribute: `ref={(element) => element?.toggleAttribute("open", true)}`.
 */
export type PluraChatProps = Omit<PluraChatAttributes, "open">;

declare global {
  interface Window {
    /**
     * There once the script has run. A page that cannot wait for that leaves calls in an array of this name, which the script makes:
     * `(window.PluraChat = window.PluraChat || []).push((chat) => chat.open())`.
     */
    get PluraChat(): PluraChat;
    set PluraChat(chat: PluraChat | ((chat: PluraChat) => void)[]);
  }

  interface HTMLElementTagNameMap {
    "plura-chat": PluraChatElement;
  }

  interface HTMLElementEventMap extends PluraChatEventMap {}

  interface DocumentEventMap extends PluraChatEventMap {}

  interface WindowEventMap extends PluraChatEventMap {}

  // React up to 18, and what else looks for elements here.
  namespace JSX {
    interface IntrinsicElements {
      "plura-chat": PluraChatProps & { ref?: any; key?: any; id?: string; class?: string; className?: string; style?: any; slot?: string };
    }
  }
}

// Each of these is for the program that has the library, and is passed over where it is not installed.

// @ts-ignore
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore
      "plura-chat": DetailedHTMLProps<HTMLAttributes<PluraChatElement>, PluraChatElement> & PluraChatProps;
    }
  }
}

// @ts-ignore
declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore
      "plura-chat": HTMLAttributes<PluraChatElement> & PluraChatProps;
    }
  }
}
