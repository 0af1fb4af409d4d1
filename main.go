// Command plurachat is an embeddable chat widget for Plura AI webchat flows.
//
// Compiled for js/wasm it is the widget's engine, started by plura-chat.js inside somebody's page.
// Compiled for a desk it builds that page's files and previews them: see README.md.
package main

import "plurachat/web"

func main() { web.Main() }
