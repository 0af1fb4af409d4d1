// @ts-check
/** Fetches, checks and compiles the WebAssembly. */

/** @typedef {import("./skeleton.js").Page} Page */

/**
 * A reason to fail that a program and a visitor understand. Final means that trying again would not help.
 * @param {string} code
 * @param {string} message
 * @param {boolean} [final]
 */
export const failure = (code, message, final = false) => Object.assign(new Error(message), { code, final });

/**
 * Whether there is WebAssembly on this page. By the smallest module: what forbids this forbids all, so nobody downloads the large one in vain.
 * @param {any} scope see scope.js
 */
export function possible({ WebAssembly, Uint8Array }) {
  try {
    return Boolean(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  } catch {
    return false;
  }
}

/**
 * @param {any} scope see scope.js
 * @param {Page} page
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(scope, page) {
  const { WebAssembly, setTimeout } = scope;
  const early = page.wasm; // the loader's, which has begun before this file was there
  page.wasm = undefined;
  const refuse = (/** @type {string} */ code, /** @type {string} */ message) => {
    early?.then((response) => response?.body?.cancel());
    return failure(code, message, true);
  };
  if (!WebAssembly) {
    throw refuse("unsupported", "this browser has no WebAssembly, or has it switched off");
  }
  if (!possible(scope)) {
    throw refuse("csp", "the page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src, or use the attribute frame");
  }
  const url = new URL(BUILD.wasm, page.script.src).href;
  try {
    return await download(scope, url, early);
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    try {
      // Past the cache: it may hold the answer of a host that did not have the file for a moment, and told it to be kept for ever.
      return await download(scope, url, undefined, "reload");
    } catch (reason) {
      throw failure("download", `could not load ${url}: ${/** @type {Error} */ (reason).message}`);
    }
  }
}

/**
 * @param {any} scope
 * @param {string} url
 * @param {Page["wasm"]} [early] the response, if it is there or on its way
 * @param {RequestCache} [cache]
 * @returns {Promise<WebAssembly.Module>}
 */
async function download(scope, url, early, cache) {
  const { WebAssembly, fetch, crypto } = scope;
  // With integrity, fetch waits for the last byte. So the bytes are checked on their way past the compiler, which runs nothing;
  // outside of secure contexts there is no digest and fetch has to do it, once more, and then out of the cache.
  const { subtle } = crypto;
  const begun = await early;
  if (!subtle) {
    await begun?.arrayBuffer();
  }
  const response = subtle && begun ? begun : await fetch(url, subtle ? { cache } : { cache, integrity: BUILD.wasmHash });
  if (!response.ok) {
    throw new Error("status " + response.status);
  }
  if (!subtle) {
    return WebAssembly.compile(await response.arrayBuffer());
  }
  if (+response.headers.get("Content-Length") === BUILD.wasmSize) {
    // The host does not compress. The same in gzip is a third of it. Not without a digest: fetch checks what is sent, which are other bytes.
    const small = await unzip(scope, url + ".gz", cache).catch(() => undefined);
    if (small) {
      response.body.cancel();
      await check(scope, small);
      return WebAssembly.compile(small);
    }
  }
  if (!/^application\/wasm$/i.test(response.headers.get("Content-Type")) || !WebAssembly.compileStreaming) {
    const bytes = await response.arrayBuffer();
    await check(scope, bytes);
    return WebAssembly.compile(bytes);
  }
  const copy = response.clone();
  const [module] = await Promise.all([WebAssembly.compileStreaming(response), copy.arrayBuffer().then((/** @type {ArrayBuffer} */ bytes) => check(scope, bytes))]);
  return module;
}

/**
 * @param {any} scope
 * @param {string} url
 * @param {RequestCache} [cache]
 * @returns {Promise<ArrayBuffer>}
 */
async function unzip({ fetch, Response, Blob, DecompressionStream, Uint8Array }, url, cache) {
  const response = await fetch(url, { cache });
  if (!response.ok) {
    throw new Error("status " + response.status);
  }
  const bytes = await response.arrayBuffer();
  // Some hosts announce the encoding, and then the browser has already undone it.
  const [first, second] = new Uint8Array(bytes, 0, 2);
  return first === 31 && second === 139 ? new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer() : bytes;
}

/**
 * @param {any} scope
 * @param {ArrayBuffer} bytes
 */
async function check({ crypto, btoa, Uint8Array }, bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
  if ("sha384-" + btoa(String.fromCharCode(...digest)) !== BUILD.wasmHash) {
    throw new Error("integrity check failed");
  }
}
