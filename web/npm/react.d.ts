import type { CSSProperties, ForwardRefExoticComponent, RefAttributes } from "react";
import type { PluraChatLoadOptions } from "./load.js";
import type {
  PluraChatAttributes,
  PluraChatContact,
  PluraChatElement,
  PluraChatEvents,
  PluraChatRecord,
  PluraChatStarter,
  PluraChatStrings,
  PluraChatTeaserRule,
} from "./plura-chat.js";

/** The name of an attribute as a prop: `flow-id` is `flowId`. */
type Prop<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Prop<Tail>>}` : Name;

/** The attributes whose value is JSON, with what a prop takes instead of the text. */
interface Values {
  record: PluraChatRecord;
  metadata: Record<string, unknown>;
  teaser: readonly PluraChatTeaserRule[];
  starters: readonly PluraChatStarter[];
  contacts: readonly PluraChatContact[];
  strings: PluraChatStrings;
}

/** The attributes of the element, as props. A value of JSON may be an object. */
export type PluraChatAttributeProps = {
  [Name in keyof PluraChatAttributes as Prop<Name>]:
    PluraChatAttributes[Name] | (Name extends keyof Values ? Values[Name] : never);
};

/** The listeners: `onMessage` is for the event `message`. That of `onLink` may call `preventDefault()` of the event. */
export type PluraChatListenerProps = {
  [Name in keyof PluraChatEvents as `on${Capitalize<Name>}`]?: (
    detail: PluraChatEvents[Name],
    event: CustomEvent<PluraChatEvents[Name]>,
  ) => void;
};

/** The props of {@link PluraChat}. */
export interface PluraChatComponentProps extends PluraChatAttributeProps, PluraChatListenerProps, PluraChatLoadOptions {
  id?: string;
  className?: string;
  style?: CSSProperties;
  [data: `data-${string}`]: string | undefined;
}

/**
 * The widget as a React component. A ref is the element, whose methods exist once the script has run:
 * `const chat = await load()` of `plura-chat/load` waits for it. `open` may be set and removed; a visitor who opens or
 * closes the panel changes the element but not the prop, so follow `onOpen` and `onClose`.
 */
export const PluraChat: ForwardRefExoticComponent<PluraChatComponentProps & RefAttributes<PluraChatElement>>;
