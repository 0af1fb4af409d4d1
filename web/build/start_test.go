package build

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// startScript runs a WebAssembly program in Node. It provides only what the widget needs until it calls ready. Then it
// mounts a widget on a host whose other methods return undefined, so that Go panics and must contain the panic.
const startScript = `
const { readFileSync } = require("node:fs");
const [, , glue, file] = process.argv;
(0, eval)(readFileSync(glue, "utf8"));
const go = new Go();
go.env = { GOGC: "1" };
const host = { emitAll: (events) => console.log("contained: " + JSON.stringify(events)) };
globalThis.pluraChat = {
  ready: (mount) => {
    console.log("ready: " + typeof mount);
    try {
      mount(new Proxy(host, { get: (own, name) => own[name] ?? (() => undefined) }));
    } catch (thrown) {
      console.log("threw: " + thrown);
    }
    process.exit(0);
  },
};
WebAssembly.instantiate(readFileSync(file), go.importObject)
  .then(({ instance }) => go.run(instance))
  .catch((reason) => { console.log("stopped: " + reason); process.exit(1); });
`

// start runs a WebAssembly program in Node and returns what it prints.
func start(t *testing.T, r *Recipe, wasm []byte) string {
	t.Helper()
	node := findNode(t)
	glue, err := r.goGlue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "start.js"), startScript)
	write(t, filepath.Join(dir, "glue.js"), glue)
	write(t, filepath.Join(dir, "chat.wasm"), string(wasm))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, "start.js", "glue.js", "chat.wasm")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		t.Errorf("Node did not end: %v", err)
	}
	return string(out)
}

// starts checks that the widget's program starts, and that it contains a panic.
func starts(t *testing.T, r *Recipe, wasm []byte) {
	t.Helper()
	if out := start(t, r, wasm); !strings.Contains(out, "ready: function") || !strings.Contains(out, "contained: ") || strings.Contains(out, "goroutine ") {
		t.Errorf("it does not start as it should:\n%s", out)
	}
}
