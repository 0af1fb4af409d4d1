// Package build makes the files of web/dist: the scripts, style sheets and words that pages load, and the widget's Go
// code as WebAssembly.
//
// A [Recipe] makes the files. [Recipe.Build] returns a [Dist], which has all files in memory. [Dist.Write] writes them
// to a folder, each with its compressed forms (see [Compressor]). esbuild bundles and minifies the scripts and style
// sheets. It also inserts constants into the scripts, such as the names, sizes and digests of the other files;
// constants.d.ts lists them. Most file names contain a hash of the content, so that the file may be cached forever. Two
// builds of the same sources with the same version of Go are identical.
//
// # How the WebAssembly becomes small
//
// With a plain "go build" the compressed WebAssembly would be more than twice as large. The steps below change what the
// compiler reads or what the linker wrote. The widget's sources do not depend on them: without them (see Recipe.Plain)
// the program compiles and works too. web/PERFORMANCE.md has what each step saves.
//
// Overlay: The go command's flag -overlay makes it read other files in place of the named ones. With it the recipe
// replaces standard packages, such as fmt and net/http, by small packages that have only what the program uses. They
// are in web/build/slim. The comment of each package says what it leaves out. See overlay.go.
//
// Hollowing: The runtime has functions that are linked but never do anything in a page, such as those for tracing and
// profiling. The recipe reads their source from the installed Go, replaces their bodies by ones that return zero
// values, and adds the result to the overlay. See hollow.go.
//
// Packing: The recipe rewrites the linked module. It stores the data in few segments, which compress better than the
// linker's thousands, and clears tables that nothing in a page reads, such as the one of source lines. The names of
// functions remain, except those that a traceback does not show. See pack.go and pack_table.go.
//
// Each of these changes is called a trick: each replaced package, each hollowed file, the packing, and a few more. A
// trick depends on the internals of Go. If a trick does not work with the installed Go, the recipe builds without it
// and logs how much larger the WebAssembly becomes; with Recipe.Strict, which releases use, the build fails. See
// tricks.go. [Recipe.SizeReport] reports the size of each package, and [WriteCosts] what each trick saves.
package build
