package build

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/evanw/esbuild/pkg/api"
)

// findNode returns the path of Node. Without Node the test is skipped, and in continuous integration it fails.
func findNode(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("Node is missing")
		}
		t.Skip("Node is missing")
	}
	return node
}

// askScript runs a script in Node, with a time zone: source, which may import files of the folder of file. It
// reads the questions as QUESTIONS, and writes the answers as JSON.
func askScript(t *testing.T, zone, file, source string, questions, answers any) {
	t.Helper()
	node := findNode(t)
	r := &Recipe{}
	var err error
	if r.Root, err = FindRoot(t.Context()); err != nil {
		t.Fatal(err)
	}
	asked, err := json.Marshal(questions)
	if err != nil {
		t.Fatal(err)
	}
	script, err := r.bundle(file, source, api.FormatIIFE, "", map[string]any{"QUESTIONS": json.RawMessage(asked)})
	if err != nil {
		t.Fatal(err)
	}
	bundled := filepath.Join(t.TempDir(), "script.js")
	write(t, bundled, string(script))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, node, bundled)
	cmd.Env = append(os.Environ(), "TZ="+zone)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("running the script: %v", err)
	}
	if err := json.Unmarshal(out, answers); err != nil {
		t.Fatalf("reading %q: %v", out, err)
	}
}
