// @ts-check
/**
 * The module that plura-chat.js loads before the visitor opens the chat. It completes the facade, runs Go once for all
 * widgets of the page, hands the widgets over to it, and takes them back when Go has crashed.
 *
 * The recipe appends function glue(globalThis) with Go's wasm_exec.js as its body. The names that wasm_exec.js uses
 * without globalThis are variables of this module, because the page may have replaced its own.
 */
import { setGlue } from "./engine.js";

/** The loader calls it with each instance that is to run Go. */
export { start } from "./handover.js";

let [console, setTimeout, clearTimeout, crypto, performance, fs, TextEncoder, TextDecoder] = /** @type {any[]} */ ([]);
let [Reflect, WebAssembly, DataView, Uint8Array, Uint8ClampedArray, Map, Date, Math] = /** @type {any[]} */ ([]);

setGlue((goGlobals) => {
  ({ console, setTimeout, clearTimeout, crypto, performance, fs, TextEncoder, TextDecoder } = goGlobals);
  ({ Reflect, WebAssembly, DataView, Uint8Array, Uint8ClampedArray, Map, Date, Math } = goGlobals);
  glue(goGlobals);
  return new goGlobals.Go();
});
