import { print } from "./print.js"; print(BUILD.start, BUILD.wasm, BUILD.version, BUILD.aside, CORE_CSS);
