// Package fmt replaces the standard library's fmt in the WebAssembly build.
//
// The widget and its dependencies use fmt for the texts of errors, which need few verbs. The standard package formats
// values of all types, and links much of package reflect, the sorting of maps and, through package os, files. For what
// this package supports, it returns the same text. For other values it returns a text with their type.
//
// It supports the verbs %v %s %q %d %x %X %c %U %t %T and %w, the flags "#" for %U and "0" for numbers, and a width;
// and as values nil, booleans, strings, byte slices, integers, types that are defined as one of those, and values with
// the method Error or String. Tests compare the results with the standard package, and check that every format in the
// widget and its dependencies is supported (see TestFormatsAreKnownToSlimFmt in web/build).
package fmt
