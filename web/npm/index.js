// @ts-check
/** Adds the script /plura-chat/plura-chat.js to the page. On a server, it does nothing. */
import { load } from "./load.js";

if (typeof document !== "undefined") {
  load().catch(console.error);
}
