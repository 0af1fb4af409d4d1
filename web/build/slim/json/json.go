// Package json replaces encoding/json in the WebAssembly build.
//
// github.com/google/uuid imports it for the methods of NullUUID, which the widget does not use. Package protocol has
// its own codec for the JSON of frames.
package json

import "errors"

var errLeftOut = errors.New("encoding/json is left out of this build")

// Marshal always returns an error. To use it, remove encoding/json from build.overlays.
func Marshal(v any) ([]byte, error) {
	return nil, errLeftOut
}

// Unmarshal always returns an error, as Marshal does.
func Unmarshal(data []byte, v any) error {
	return errLeftOut
}
