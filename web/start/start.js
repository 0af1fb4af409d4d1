// @ts-check
/**
 * The module that plura-chat.js imports when a visitor reaches for the chat: it completes what the facade drew, runs Go once for all
 * widgets of the page, hands them over to it, and stands in again when Go has died.
 *
 * The recipe appends function glue(globalThis) with Go's wasm_exec.js as its body. What that file uses by a bare name it finds in this
 * module, and not on the page, which may have put something else there.
 */
import { equip } from "./engine.js";

/** Called by the loader, with each life of a widget that wants to be more than a facade. */
export { begin as start } from "./handover.js";

let [console, setTimeout, clearTimeout, crypto, performance, fs, TextEncoder, TextDecoder] = /** @type {any[]} */ ([]);
let [Reflect, WebAssembly, DataView, Uint8Array, Uint8ClampedArray, Map, Date, Math] = /** @type {any[]} */ ([]);

equip((scope) => {
  ({ console, setTimeout, clearTimeout, crypto, performance, fs, TextEncoder, TextDecoder } = scope);
  ({ Reflect, WebAssembly, DataView, Uint8Array, Uint8ClampedArray, Map, Date, Math } = scope);
  glue(scope);
  return new scope.Go();
});
