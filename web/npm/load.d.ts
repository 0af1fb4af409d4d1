import type { PluraChat } from "./plura-chat.js";

/** Where the script is. */
export interface PluraChatLoadOptions {
  /**
   * The URL of `plura-chat.js`, with the other files beside it. The default is `/plura-chat/plura-chat.js`. A page that
   * enforces Trusted Types passes a `TrustedScriptURL`.
   */
  src?: string | { toString(): string };
  /** The nonce of the page's content security policy. */
  nonce?: string;
  /** The hash of the script, from `integrity.json`. */
  integrity?: string;
}

/**
 * Adds the script `plura-chat.js` to the page, unless the page has it, and resolves with `window.PluraChat`. Rejects if
 * the script cannot be loaded, and on a server; the next call tries again. Only the options of the first call count.
 */
export function load(options?: PluraChatLoadOptions): Promise<PluraChat>;
