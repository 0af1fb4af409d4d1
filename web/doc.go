// Package web is the program's entry on both platforms: in the browser (GOOS=js) Main runs the widget, on a desk the
// command line of "go run .".
//
// The folders below hold what a page gets and how it is made: the scripts, the recipe for web/dist (build), the server
// that previews it (preview, gallery), the commands (command) and the browser tests (e2e).
package web
