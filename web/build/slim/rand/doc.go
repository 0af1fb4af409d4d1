// Package rand stands in for crypto/rand in the WebAssembly build.
//
// github.com/google/uuid reads its random bytes from crypto/rand. On this platform the standard
// package takes them from the browser's crypto.getRandomValues, by way of a FIPS 140-3 module with
// its own AES, SHA-2, SHA-3, DRBG and power-on self tests, which link whether they run or not. This
// package asks getRandomValues itself: the same generator, without the detour.
//
// It builds for js/wasm only; elsewhere it is empty.
package rand
