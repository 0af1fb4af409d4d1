import { say } from "./say.js"; say(BUILD.start, BUILD.wasm, BUILD.version, BUILD.aside, CORE_CSS);
