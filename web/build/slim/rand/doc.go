// Package rand replaces crypto/rand in the WebAssembly build.
//
// github.com/google/uuid reads random bytes from it. The standard package gets them from the browser's
// crypto.getRandomValues too, but links a FIPS 140-3 module with AES, SHA-2, SHA-3, a DRBG and self tests. This package
// calls getRandomValues directly.
//
// The package is empty on platforms other than js/wasm.
package rand
