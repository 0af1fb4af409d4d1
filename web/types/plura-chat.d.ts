/**
 * The types of plura-chat for programs that embed it: window.PluraChat, the element <plura-chat> in the DOM and in JSX
 * (React, Preact), and its events. Put this file into your sources, or add it to "include" in tsconfig.json. The npm
 * package has it already.
 */

/** The state of the widget. `failed`: it does not try to connect again, and shows this to the visitor. */
export type PluraChatState = "idle" | "loading" | "connecting" | "online" | "reconnecting" | "offline" | "failed";

/**
 * Lead data of a visitor. Other fields may have any JSON value. The widget sends the data to Plura AI, and never stores
 * or logs it.
 */
export interface PluraChatRecord {
  /** The phone number in international form: `+15551234567`. */
  phone: string;
  first_name?: string;
  last_name?: string;
  [field: string]: unknown;
}

/** One suggestion of the attribute `starters`: `starters={JSON.stringify(list satisfies PluraChatStarter[])}`. */
export interface PluraChatStarter {
  /** What the button says. */
  label: string;
  /** What the button sends. */
  text: string;
}

/** One way to reach the site owner without the chat, of the attribute `contacts`. */
export interface PluraChatContact {
  label: string;
  /** A `tel:`, `mailto:`, `sms:` or `https:` URL. */
  url: string;
}

/** One rule of the attribute `teaser`. The first rule that matches the page's path and whose moment comes is used. */
export interface PluraChatTeaserRule {
  /** The path of the page, such as `/pricing`; `*` stands for any characters. Without it, the rule is for every page. */
  on?: string;
  /** When the teaser is shown: a time such as `8s`, `scroll 50%`, `idle 30s` or `exit`. */
  after: "exit" | (string & {});
  /** What the teaser says, in at most 200 characters. Without it: the word `teaser`. */
  text?: string;
  /** At most 6 suggestions: `Prices|Book a visit`. */
  starters?: string;
  /** The visit from which on the rule applies: 2 is for visitors who have been here before. */
  visits?: number;
}

/** One message, of the agent or of the visitor. */
export interface PluraChatMessage {
  /** The server's id of the message. Empty until the server has named it: a visitor's message gets it with `sent`. */
  id: string;
  from: "agent" | "visitor";
  /** Name of the sender. Empty for the visitor, and if the server sends no name. */
  name: string;
  /** The text as it was sent. It is Markdown, never HTML. */
  text: string;
  /** The time in RFC 3339, in UTC. Empty if it is not known, for example for a message that the server has repeated. */
  at: string;
}

/**
 * The events and the type of each event's `detail`. The element dispatches an event under the name `plura-chat:`
 * followed by the name here.
 */
export interface PluraChatEvents {
  /** Go has started and has taken over the widget. */
  ready: null;
  open: null;
  close: null;
  /** The state has changed, or the reason. `reason` says why there is no connection, if that is known. */
  status: { state: PluraChatState; reason?: string };
  /** The session of the conversation. Everyone who knows the id can read the conversation. */
  session: { id: string; flowId: string; resumed: boolean };
  /** The chat owner, with what the server has sent. The address of the picture is not checked. */
  owner: { id: string; name: string; picture: string };
  message: PluraChatMessage;
  /** The server has acknowledged a message of the visitor. `id` is empty if the server sends none. */
  sent: { id: string; text: string };
  /** A message of the visitor could not be delivered. */
  failed: { text: string; reason: string };
  /** The visitor has chosen a suggestion: one of the attribute `starters`, or a quick reply in an agent's message. */
  suggestion: { text: string; kind: "starter" | "reply" };
  /**
   * The visitor follows a link in a message. A listener that calls `preventDefault()` of the event takes the link over,
   * for example for a router in the page. The listener of `on` receives the detail only, and cannot do this.
   */
  link: { url: string };
  unread: { count: number };
  /** A session was initialised with lead data. */
  identify: { sessionId: string };
  reset: null;
  /** What went wrong. The message is written for the site owner. */
  error: {
    code:
      | "download"
      | "csp"
      | "unsupported"
      | "frame"
      | "failed"
      | "session"
      | "server"
      | "connection"
      | "exit"
      | "panic"
      | "internal"
      | (string & {});
    message: string;
  };
}

/** The methods of window.PluraChat and of every element <plura-chat>. Calls before Go has started are queued. */
export interface PluraChatMethods {
  open(): Promise<void>;
  close(): Promise<void>;
  toggle(): Promise<void>;
  /**
   * Sends a message of the visitor, of at most 4,000 characters. Resolves when the server has acknowledged it. Rejects
   * with the reason if it cannot be delivered.
   */
  send(text: string): Promise<{ id: string }>;
  /**
   * Opens the panel and puts a text into the composer, which the visitor can change and send. Does not replace what the
   * visitor has written, and never sends.
   */
  draft(text: string): Promise<void>;
  /** Initialises a session with the lead data, and continues the conversation in it. */
  identify(record: PluraChatRecord): Promise<{ sessionId: string }>;
  /** Deletes the conversation from this device and starts a new one. */
  reset(): Promise<void>;
  /** The messages so far, without those of the visitor that the server has not acknowledged. */
  transcript(): Promise<PluraChatMessage[]>;
  /**
   * Closes the connection, and removes the element and everything that it has added to the page. The stored
   * conversation is kept.
   */
  destroy(): Promise<void>;
  /** Listens to an event, by its name without `plura-chat:`. Returns a function that removes the listener. */
  on<Name extends keyof PluraChatEvents>(event: Name, listener: (detail: PluraChatEvents[Name]) => void): () => void;
  readonly state: PluraChatState;
  /** The number of the agent's messages that the visitor has not seen. */
  readonly unread: number;
  /** The version of the script. */
  readonly version: string;
}

/** window.PluraChat: its methods act on the first widget of the page. */
export interface PluraChat extends PluraChatMethods {
  /** Calls each function with this object, in a task of its own. */
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

/** The events, by the names under which the element dispatches them. They bubble. */
export type PluraChatEventMap = { [Name in keyof PluraChatEvents as `plura-chat:${Name}`]: CustomEvent<PluraChatEvents[Name]> };

/** The names of the texts that the attribute `strings` can replace. In a text, a name in braces is a placeholder. */
export type PluraChatWord =
  | "open"
  | "close"
  | "openUnread"
  | "heading"
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
  | "cancel"
  | "menu"
  | "transcript"
  | "transcriptLine"
  | "download"
  | "sound"
  | "endDelete"
  | "endDeleteAsk"
  | "today"
  | "yesterday"
  | "chatNamed"
  | "deleted"
  | "connected"
  | "sendLater"
  | "quoted"
  | "code"
  | "copyCode"
  | "copied"
  | "notCopied"
  | "dropped"
  | "stopped"
  | "restart"
  | "updated"
  | "reload"
  | "unavailable"
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
  | "suggestions"
  | "contacts"
  | "expand"
  | "aiNotice"
  | "table"
  | "image"
  | "done"
  | "notDone"
  | `${PluraChatPluralWord}.${Intl.LDMLPluralRule}`;

/** The names of the texts that depend on a number. The part after the dot is a category of Intl.PluralRules. */
export type PluraChatPluralWord =
  | "tooLong"
  | "charsLeft"
  | "unread"
  | "moreNew";

/** The attribute `strings`, as JSON: `strings={JSON.stringify({heading: "Ask us"} satisfies PluraChatStrings)}`. */
export type PluraChatStrings = Partial<Record<PluraChatWord, string>>;

/** The attributes of <plura-chat>. On the script tag, each has the prefix `data-`. */
export interface PluraChatAttributes {
  /** The id of the flow, a UUID. */
  "flow-id": string;
  /** The id of a session that your own server has initialised: `webchat-session.{uuid}`. */
  session?: string;
  /** The id of the flow instance that was returned with `session`. */
  "flow-instance"?: string;
  /** A {@link PluraChatRecord} as JSON. */
  record?: string;
  /**
   * Fields that are added to the lead data when a session is initialised, as a JSON object of at most 4 KB. Fields of
   * the same name in `record`, in `identify` and in the form take precedence.
   */
  metadata?: string;
  /** Which page's campaign parameters are added to `metadata`: this page's, or those of the visit's first page. */
  attribution?: "none" | "page" | "session";
  /** Fields to ask for before the first message: `first_name,phone,company:Company*`. */
  prechat?: string;
  mode?: "bubble" | "inline";
  position?: "end" | "right" | "left";
  /** Whether the panel is open. */
  open?: boolean | "";
  load?: "intent" | "idle" | "eager";
  /** The accent, a CSS colour. */
  color?: string;
  theme?: "auto" | "light" | "dark";
  /** The language, a BCP 47 tag. */
  lang?: string;
  heading?: string;
  subheading?: string;
  placeholder?: string;
  /** The launcher's name for assistive technologies. */
  "launcher-label"?: string;
  /** A text beside the launcher's icon, at most 24 characters. */
  "launcher-text"?: string;
  /** The launcher's icon, an `https:` or `data:` image URL. */
  "launcher-icon"?: string;
  "privacy-url"?: string;
  /** The picture until the chat owner's arrives, an `https:` or `data:` image URL. */
  avatar?: string;
  /** The delay before the teaser is shown, such as `8s`, or a list of {@link PluraChatTeaserRule} as JSON. */
  teaser?: "none" | (string & {});
  /** The CSS selector of your own button. */
  launcher?: "default" | "none" | (string & {});
  /** The country for phone numbers without a country code, as two letters. */
  country?: string;
  consent?: "none" | "required";
  fallback?: "none" | "anonymous";
  /** At most 6 suggestions: `Prices|Book a visit`, or a list of {@link PluraChatStarter} as JSON. */
  starters?: string;
  /** Whether a link to `reply:` in an agent's message is a button that sends its label. */
  "quick-replies"?: "on" | "off";
  /** A line above the composer: `ai` says in the visitor's language that an AI answers. At most 200 characters. */
  disclaimer?: "none" | "ai" | (string & {});
  /** At most 4 {@link PluraChatContact} as JSON. */
  contacts?: string;
  /** Where links in messages open: all in a new tab, or those to the page's own origin in this one. */
  links?: "blank" | "own";
  /** At most 20 hosts whose pictures are shown in messages: `cdn.example.com *.example.org`. */
  "image-hosts"?: string;
  /** Whether the header has a button that makes the panel wider. */
  expand?: "off" | "on";
  /** Whether the names of what happens in the chat are pushed onto `window.dataLayer`. */
  analytics?: "none" | "datalayer";
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
 * The props of the element in JSX. `open` is left out, because it is a method of the element, and frameworks would
 * replace the method. Call the method instead, or set the attribute:
 * `ref={(element) => element?.toggleAttribute("open", true)}`.
 */
export type PluraChatProps = Omit<PluraChatAttributes, "open">;

declare global {
  interface Window {
    /**
     * Exists after the script has run. Before that, a page can make it an array of functions, which the script calls:
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

  // For React up to 18, and for other libraries that use this namespace.
  namespace JSX {
    interface IntrinsicElements {
      "plura-chat": PluraChatProps & { ref?: any; key?: any; id?: string; class?: string; className?: string; style?: any; slot?: string };
    }
  }
}

// Each of these declarations needs its library. TypeScript ignores it if the library is not installed.

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
