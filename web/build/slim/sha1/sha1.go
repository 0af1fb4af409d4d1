// Package sha1 replaces crypto/sha1 in the WebAssembly build.
//
// github.com/google/uuid imports it for UUIDs of version 5. The widget only makes random UUIDs. The standard package
// would be linked even if it is not called, because its init function registers the hash.
package sha1

import "hash"

// New panics. To use it, remove crypto/sha1 from build.overlays.
func New() hash.Hash {
	panic("crypto/sha1 is left out of this build")
}
