// Package fmt stands in for the standard library's fmt in the WebAssembly build.
//
// What the widget is made of uses fmt for the text of errors: a handful of verbs over strings, numbers
// and other errors. The standard package prints any value of any type, and links reflection over all of
// them, the sorting of maps, and, through package os, files. This package prints the same text for what
// it knows and names the type of what it does not.
//
// Known are the verbs %v %s %q %d %x %X %c %U %t %T and %w, the flags "#" for %U and "0" for numbers,
// and a width; over nil, booleans, strings, byte slices, numbers, types made of those, and whatever
// implements error or Stringer. The tests hold every one of them against the standard package, and hold
// every format in the widget's sources and dependencies against this list.
package fmt
