//go:build !js

package web

import (
	"os"
	"path/filepath"
	"testing"
)

// fixture makes a small module that the recipe can work on, and a recipe that need not compile it.
func fixture(t *testing.T) *Recipe {
	t.Helper()
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":               "module plurachat\n",
		"main.go":              "package main\n\nfunc main() {}\n",
		"web/loader.js":        `import { say } from "./say.js"; say(BUILD.start, BUILD.wasm, BUILD.version, BUILD.aside, CORE_CSS);`,
		"web/aside.js":         `export const assist = () => [BUILD.teaser, BUILD.failure, WORDS.de.open];`,
		"web/teaser.js":        `export const tease = () => [TEASER_CSS, WORDS.de.teaser];`,
		"web/failure.js":       `export const notify = () => [BUILD.start, FAILURE_CSS, WORDS.de.failed];`,
		"web/teaser.css":       "aside { padding: 0px }",
		"web/failure.css":      "b { margin: 0px }",
		"web/say.js":           `export const say = (...longNamedArguments) => console.debug(...longNamedArguments);`,
		"web/start.js":         `export const start = () => { glue({}); return [BUILD.wasm, BUILD.wasmSize, BUILD.around, WIDGET_CSS, TRANSLATIONS.de]; };`,
		"web/frame.js":         `export const reach = () => FRAME_CSS;`,
		"web/loader.css":       ".frame {\n  color: #ff0000;\n}\n",
		"web/frame_page.js":    `import { say } from "./say.js"; say(FRAME_PAGE_CSS);`,
		"web/frame.css":        "iframe { border: 0px }",
		"web/frame_page.css":   "body { margin: 0px }",
		"web/frame.html":       `<script src="{{.Loader.Name}}" integrity="{{.Loader.Integrity}}"></script><script src="{{.Script.Name}}" integrity="{{.Script.Integrity}}"></script>`,
		"web/index.html":       "<!doctype html><title>Preview</title>{{.Script}}<main>{{.Inline}}</main>",
		"web/preview.js":       "",
		"widget/widget.css":    ":host { margin: 0px }",
		"web/plura-chat.d.ts":  "export {};\n",
		"widget/words/en.json": `{"open": "Open chat", "close": "Close", "teaser": "Hi", "dismiss": "Dismiss", "heading": "Chat", "message": "Message", "send": "Send", "failed": "Failed", "retry": "Try again", "typing": "typing"}`,
		"widget/words/de.json": `{"open": "Chat öffnen", "close": "Zu", "teaser": "Hallo", "dismiss": "Weg", "heading": "Chat", "message": "Nachricht", "send": "Senden", "failed": "Schade", "retry": "Erneut versuchen", "typing": "<tippt>"}`,
	} {
		write(t, filepath.Join(root, name), text)
	}
	r := &Recipe{Root: root}
	of, err := r.engineSources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.compiled = engineCache{of, engine{
		wasm:     []byte("\x00asm, as it were"),
		glue:     "// Copyright 2018 The Go Authors. All rights reserved.\n// See LICENSE.\n\n\"use strict\";\n(() => { globalThis.Go = class {}; })();\n",
		licences: []byte("licences\n"),
	}}
	return r
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// built is what the recipe makes of the fixture.
func built(t *testing.T, r *Recipe) *Dist {
	t.Helper()
	d, err := r.Build(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}
