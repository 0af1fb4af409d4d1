// Package sha1 stands in for crypto/sha1 in the WebAssembly build.
//
// github.com/google/uuid can derive version-5 UUIDs, which are SHA-1 digests. The widget makes random
// ones only, but the standard package registers itself when the program starts, so it is linked with
// everything it needs whether it is called or not. This package has the name and no hash.
package sha1

import "hash"

// New would return a SHA-1 hash. The widget has no use for one, so it panics: who starts to need it
// takes crypto/sha1 off the list of overlays.
func New() hash.Hash {
	panic("crypto/sha1 is left out of this build")
}
