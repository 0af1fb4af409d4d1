// Package build makes the files of web/dist: the scripts, style sheets and words that pages load, and the widget's Go
// as WebAssembly.
//
// A Recipe has the steps. Its method Build returns a Dist, all files in memory, and the Dist's method Write puts them into
// a folder, each beside its compressed forms (Compressor). Scripts and style sheets are bundled and minified by esbuild,
// which hands them what they cannot know: names, sizes and digests of the other files, and the words of some keys
// (constants.d.ts lists all of it). Every file but those that pages name is called after a hash of its content, so
// that it may be cached forever. Two builds of the same sources by the same Go are the same to the byte.
//
// # How the WebAssembly gets small
//
// By a bare "go build" the libraries that the widget needs are more than twice as large on the wire as by the recipe.
// Nothing in the widget's sources is written for what follows, and without it the program compiles and works too (the
// field Plain): all of it happens between the sources and the compiler, or after the linker. web/PERFORMANCE.md has
// what each step saves.
//
// Overlay. The go command's flag -overlay takes a list of files that it is to read in the place of others. By it the
// recipe replaces whole standard packages, such as fmt and net/http, by small ones that have only what the program
// uses of them: the folders of web/build/slim, each of which says what it leaves out. See overlay.go.
//
// Hollowing. The runtime has functions that are linked although nothing in a page can ask for them: tracing, profiling,
// dumps. The recipe reads their source from the Go at hand, takes the bodies out, so that they return zero values, and
// puts the result into the same overlay. See hollow.go.
//
// Packing. The linked module is rewritten: its data is put into a few segments, which compress better than the linker's
// thousands, and the tables that lead from program counters to source lines and to other things that nothing in a page
// reads are emptied. Function names stay, so a panic says where it came from. See pack.go and pack_table.go.
//
// Each replaced package, hollowed file and rewritten table is called a trick, and depends on what the Go at hand is
// like inside. Where one does not fit, the recipe leaves it out and logs what that costs; a Strict recipe, as for a
// release, fails. See tricks.go. The method SizeReport says what each package costs, and WriteCosts what each trick
// saves.
package build
