// @ts-check
/** Fetches, checks and compiles the WebAssembly. */

/** @typedef {import("../loader/element.js").Page} Page */

/**
 * Returns an error with a code for programs. It is final if another try would fail in the same way.
 * @param {string} code
 * @param {string} message
 * @param {boolean} [final]
 */
export const failure = (code, message, final = false) => Object.assign(new Error(message), { code, final });

/**
 * Reports whether the page allows WebAssembly. It compiles the smallest module: a policy that forbids it forbids every
 * module, so the large one need not be downloaded.
 * @param {any} goGlobals
 */
export function wasmAllowed({ WebAssembly, Uint8Array }) {
  try {
    return Boolean(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  } catch {
    return false;
  }
}

/**
 * Downloads, checks and compiles the WebAssembly.
 * @param {any} goGlobals
 * @param {Page} page
 * @param {Promise<unknown>} mayCompile resolves when the compiler may start
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compile(goGlobals, page, mayCompile) {
  const { WebAssembly, setTimeout } = goGlobals;
  if (!WebAssembly) {
    throw failure("unsupported", "this browser has no WebAssembly, or has it switched off", true);
  }
  if (!wasmAllowed(goGlobals)) {
    throw failure(
      "csp",
      "the page's Content-Security-Policy forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src, or use the attribute frame",
      true,
    );
  }
  const url = new URL(BUILD.wasm, page.loaderScript.src).href;
  try {
    return await download(goGlobals, url, mayCompile);
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    try {
      // Bypass the cache: it may contain the error of a host that lacked the file for a moment, as an answer to keep
      // for ever.
      return await download(goGlobals, url, mayCompile, "reload");
    } catch (reason) {
      throw failure("download", `could not load ${url}: ${/** @type {Error} */ (reason).message}`);
    }
  }
}

/**
 * @param {any} goGlobals
 * @param {string} url
 * @param {Promise<unknown>} mayCompile
 * @param {RequestCache} [cache]
 * @returns {Promise<WebAssembly.Module>}
 */
async function download(goGlobals, url, mayCompile, cache) {
  const { WebAssembly, fetch, crypto } = goGlobals;
  // With integrity, fetch would wait for the last byte before it tells the length. Outside of secure contexts there is
  // no crypto.subtle, and fetch has to check the bytes.
  const { subtle } = crypto;
  const response = await fetch(url, subtle ? { cache } : { cache, integrity: BUILD.wasmHash });
  await mayCompile;
  if (!response.ok) {
    throw new Error("status " + response.status);
  }
  if (!subtle) {
    return WebAssembly.compile(await response.arrayBuffer());
  }
  if (+response.headers.get("Content-Length") === BUILD.wasmSize) {
    // The host does not compress. The gzip file is a third of the size. This needs crypto.subtle, because fetch would
    // check the compressed bytes.
    const small = await unzip(goGlobals, url + ".gz", cache).catch(() => undefined);
    if (small) {
      response.body.cancel();
      await check(goGlobals, small);
      return WebAssembly.compile(small);
    }
  }
  const bytes = await response.arrayBuffer();
  await check(goGlobals, bytes);
  return WebAssembly.compile(bytes);
}

/**
 * Downloads a file that is compressed by gzip, and decompresses it.
 * @param {any} goGlobals
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
  // Some hosts send Content-Encoding for this file; the browser has then decompressed it already.
  const [first, second] = new Uint8Array(bytes, 0, 2);
  return first === 31 && second === 139
    ? new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
    : bytes;
}

/**
 * Throws unless the bytes are those of this build.
 * @param {any} goGlobals
 * @param {ArrayBuffer} bytes
 */
async function check({ crypto, btoa, Uint8Array }, bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  if ("sha256-" + btoa(String.fromCharCode(...digest)) !== BUILD.wasmHash) {
    throw new Error("integrity check failed");
  }
}
