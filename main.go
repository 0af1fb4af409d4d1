// Command plurachat is an embeddable chat widget for Plura AI webchat flows.
//
// Compiled for js/wasm it is the widget, which the scripts of plura-chat.js start in a page. Compiled for any other
// platform it builds and previews the files of the widget; see README.md.
package main

import "plurachat/web"

func main() { web.Main() }
