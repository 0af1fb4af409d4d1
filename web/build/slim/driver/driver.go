// Package driver replaces database/sql/driver in the WebAssembly build.
//
// github.com/google/uuid imports it to store UUIDs in databases. The standard package's converters would be linked even
// if they are not used, because they are package variables.
package driver

// Value is a value that a database driver can handle.
type Value any
