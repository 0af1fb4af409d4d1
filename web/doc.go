// Package web is the program's entry on both platforms: in the browser (GOOS=js) Main runs the widget, on a desk the
// command line of "go run .".
//
// The folders below hold what a page gets, which are scripts and style sheets:
//
//   - loader: plura-chat.js, which is on every page view
//   - aside: what only some page views need before the visitor's first act: the teaser, the launcher's name in other
//     languages than English, the notice that the chat could not load
//   - start: the module that the visitor's first act loads. It completes what the loader drew, runs Go and hands over to it
//   - frame: the iframe mode, with a script on either side
//   - types: what site owners' compilers read
//
// And how that is made, shown and tested: the recipe for web/dist (build), the server of "go run ." (preview, gallery),
// its commands (command) and the browser tests (e2e). Scripts of loader import from no other folder, those of start from
// loader, and those of aside and frame from both.
package web
