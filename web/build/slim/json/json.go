// Package json stands in for encoding/json in the WebAssembly build.
//
// github.com/google/uuid names it in the methods of NullUUID, a UUID or null for databases, which
// the widget does not use. The wire's JSON is read and written by the codec of package protocol.
package json

import "errors"

var errLeftOut = errors.New("encoding/json is left out of this build")

// Marshal always fails: who starts to need it takes encoding/json off the list of overlays.
func Marshal(v any) ([]byte, error) {
	return nil, errLeftOut
}

// Unmarshal always fails, like Marshal.
func Unmarshal(data []byte, v any) error {
	return errLeftOut
}
