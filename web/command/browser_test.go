package command

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestServersAreInstalledOnlyInCI runs needServers where a web server is missing, with a program in the place of apt-get
// that notes that it has run.
func TestServersAreInstalledOnlyInCI(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("apt-get is a script")
	}
	bin := t.TempDir()
	ran := filepath.Join(bin, "ran")
	script := "#!/bin/sh\necho >'" + ran + "'\n"
	if err := os.WriteFile(filepath.Join(bin, "apt-get"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	servers := webServers
	t.Cleanup(func() { webServers = servers })
	webServers = map[string]string{filepath.Join(bin, "nowhere"): "a-server"}
	for ci, want := range map[string]bool{"": false, "true": os.Getuid() == 0} {
		t.Setenv("CI", ci)
		var out strings.Builder
		(&tester{ctx: t.Context(), root: bin, out: &out}).needServers()
		if _, err := os.Stat(ran); (err == nil) != want {
			t.Errorf("with CI=%q, apt-get has run: %v, want %v", ci, err == nil, want)
		}
		if ci == "" && !strings.Contains(out.String(), "a-server") {
			t.Errorf("the package is not named: %q", &out)
		}
		_ = os.Remove(ran) // it may not be there
	}
}
