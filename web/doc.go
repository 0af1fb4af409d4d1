// Package web is what a page gets and how it comes to be: the recipe for web/dist (loader, glue and
// WebAssembly, compressed and named after their content), the server that previews it, and the
// program's entry on both platforms.
//
// In the browser (GOOS=js) the package is one function, Main, which hands over to package widget.
// Everything else is for the desk.
package web
