package e2e

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestTypes checks that plura-chat.d.ts accepts what site owners write and rejects what they must not write: with the
// DOM alone, with React and with Preact. It also checks the types in the product's scripts.
func TestTypes(t *testing.T) {
	tsc := npm(t, "typescript", "bin", "tsc")
	for _, project := range []string{"tsconfig.json", "tsconfig.react.json", "tsconfig.preact.json", "tsconfig.npm.json", "tsconfig.scripts.json"} {
		t.Run(project, func(t *testing.T) {
			t.Parallel()
			check := exec.Command("node", tsc, "--project", project)
			check.Dir = "types"
			if said, err := check.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, said)
			}
		})
	}
}

// exampleGlobals declares what the examples of the pages for site owners find on a page: the widget, and tools of
// others.
const exampleGlobals = `import type { PluraChat as Widget } from "./plura-chat";
declare global {
  const PluraChat: Widget;
  const router: { push(path: string): void };
  function gtag(command: "event", name: string, parameters?: Record<string, unknown>): void;
  interface Window {
    plausible?: (event: string) => void;
    _paq?: string[][];
  }
}
`

// TestExampleScripts checks the types in the scripts that README and the pages for site owners show.
func TestExampleScripts(t *testing.T) {
	tsc := npm(t, "typescript", "bin", "tsc")
	folder := t.TempDir()
	types, err := os.ReadFile("../types/plura-chat.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"plura-chat.d.ts": string(types), "globals.d.ts": exampleGlobals}
	for _, page := range []string{"../../README.md", "../docs/features.md", "../docs/analytics.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		scripts := regexp.MustCompile("(?s)<script>\n(.*?)</script>|```js\n(.*?)```").FindAllStringSubmatch(string(text), -1)
		if len(scripts) == 0 {
			t.Errorf("%s has no scripts", page)
		}
		for i, script := range scripts {
			name := strings.TrimSuffix(filepath.Base(page), ".md") + strconv.Itoa(i+1) + ".ts"
			files[name] = script[1] + script[2] + "export {};\n"
		}
	}
	check := exec.Command("node", tsc, "--strict", "--noEmit", "--target", "es2022")
	check.Dir = folder
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		check.Args = append(check.Args, name)
	}
	if said, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// TestScriptFormat requires that prettier has formatted every script of the repository, and that no line of a comment
// is longer than 120 columns.
func TestScriptFormat(t *testing.T) {
	var scripts []string
	err := filepath.WalkDir("..", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && slices.Contains([]string{"dist", "node_modules", "testdata", "shots"}, entry.Name()) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(file, ".js") {
			scripts = append(scripts, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(scripts) < 40 {
		t.Fatalf("found only %q", scripts)
	}
	prettier := []string{npm(t, "prettier", "bin", "prettier.cjs"), "--config", "../../.prettierrc.json", "--check"}
	if said, err := exec.Command("node", append(prettier, scripts...)...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	comment := regexp.MustCompile(`^\s*(//|/?\*)`)
	for _, file := range scripts {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if utf8.RuneCountInString(line) > 120 && comment.MatchString(line) {
				t.Errorf("%s:%d: the comment is longer than 120 columns", file, i+1)
			}
		}
	}
}
