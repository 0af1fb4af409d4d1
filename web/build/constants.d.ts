// The constants that the recipe replaces (script.go). Only editors and tsc read this file.

/** Names, sizes and hashes of the files beside plura-chat.js. */
declare const BUILD: {
  start: string;
  aside: string;
  features: string;
  failure: string;
  around: string;
  names: string;
  wasm: string;
  wasmSize: number;
  startHash: string;
  asideHash: string;
  featuresHash: string;
  failureHash: string;
  aroundHash: string;
  wasmHash: string;
  version: string;
};

/** What both Go and the scripts use (facts.go). */
declare const FACTS: {
  textLimit: number;
  heartbeatEvery: number;
  handoverTime: number;
  maxFrame: number;
  endedText: string;
  socketURL: string;
  socketPath: string;
  sessionPrefix: string;
  keyPrefix: string;
  choiceSuffixes: string[];
  forgetAfter: number;
  storedVersion: number;
  vendorKey: string;
  placeholder: string;
  languageAliases: Record<string, string>;
  rightToLeft: string;
  narrowWidth: number;
  narrowScreen: string;
  frameAttributes: string[];
  maxLaunchText: number;
  restarting: string;
  featureHint: string;
  featureAttributes: string;
};

/** loader/loader.css, minified. */
declare const CORE_CSS: string;

/** widget/widget.css, minified. */
declare const WIDGET_CSS: string;

/** frame/page_side.css and frame/frame_side.css, minified: the iframe in the page, and the page in the iframe. */
declare const FRAME_CSS: string;
declare const FRAME_PAGE_CSS: string;

/** The style sheet beside a feature's module, and aside/failure.css, minified. */
declare const FEATURE_CSS: string;
declare const FAILURE_CSS: string;

/** The modules of features (features.go). */
declare const FEATURES: { file: string; integrity: string; attributes: string[]; place: string }[];

/**
 * The words of a module of aside/, by key and language. In start.js: each word in English, and its place in the files of
 * other languages, by key.
 */
declare const WORDS: Record<string, Record<string, string>>;

/** The languages other than English, separated by spaces, and the hash in the names of the files with their words. */
declare const TRANSLATIONS: { languages: string; hash: string };

/** Go's wasm_exec.js as the body of a function: it puts the class Go on the object it is given. */
declare function glue(globalThis: any): void;

interface Window {
  PluraChat: any;
  BroadcastChannel: typeof BroadcastChannel;
  LockManager: typeof LockManager;
}
