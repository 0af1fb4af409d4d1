package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// installNPM installs the packages of npm/package-lock.json in npm/node_modules, unless they are there. missing reports
// that there is no npm.
var installNPM = sync.OnceValues(func() (missing bool, err error) {
	if _, err := exec.LookPath("npm"); err != nil {
		return true, err
	}
	want, err := os.ReadFile(filepath.Join("npm", "package-lock.json"))
	if err != nil {
		return false, err
	}
	stamp := filepath.Join("npm", "node_modules", ".installed")
	if have, err := os.ReadFile(stamp); err == nil && bytes.Equal(have, want) {
		return false, nil
	}
	install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = "npm"
	if said, err := install.CombinedOutput(); err != nil {
		os.Stderr.Write(said)
		return false, err
	}
	return false, os.WriteFile(stamp, want, 0o644)
})

// npm returns a path in npm/node_modules. Without npm it skips the test, or fails it if CI is "true".
func npm(t *testing.T, path ...string) string {
	t.Helper()
	missing, err := installNPM()
	if missing && os.Getenv("CI") != "true" {
		t.Skipf("npm is not here: %v", err)
	}
	if err != nil {
		t.Fatalf("npm (required in CI): %v", err)
	}
	path, err = append([]string{"npm", "node_modules"}, path...), nil
	file, err := filepath.Abs(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return file
}
