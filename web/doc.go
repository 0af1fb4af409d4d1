// Package web has the program's entry point for both platforms. For js/wasm, Main runs the widget; for all others, it
// runs the command line of "go run .".
//
// These folders contain what a page loads, which is scripts, style sheets and types:
//
//   - loader: plura-chat.js, which every page view loads
//   - aside: modules that only some page views need before the visitor's first action, such as the teaser, the
//     launcher's name in languages other than English, and the notice that the chat could not load
//   - start: the module that the visitor's first action loads. It completes the facade, runs Go and does the handover
//   - frame: the iframe mode, with one script in the page and one in the iframe
//   - types: TypeScript declarations for site owners
//
// npm has what the npm package adds, hosting the configurations of hosts, and docs the pages for site owners.
//
// These folders build, serve and test the files: build has the recipe for web/dist, release the files of a release,
// preview and gallery the pages of the preview server, check the comparison with the documentation, command the
// commands of "go run .", and e2e the browser tests.
//
// The scripts of loader import from no other folder, those of start import from loader, and those of aside and frame
// import from both.
package web
