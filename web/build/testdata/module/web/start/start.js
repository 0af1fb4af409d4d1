export const start = () => { glue({}); return [BUILD.wasm, BUILD.wasmSize, BUILD.around, WIDGET_CSS, TRANSLATIONS.languages]; };
