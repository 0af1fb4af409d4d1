// Package driver stands in for database/sql/driver in the WebAssembly build.
//
// github.com/google/uuid names it so that a UUID can be a column of a database. A page has no
// database; the standard package's converters are linked all the same, as package variables.
package driver

// Value is a value that a database driver can handle.
type Value any
