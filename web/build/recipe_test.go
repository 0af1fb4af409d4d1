package build

import (
	"bytes"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plurachat/widget/words"
)

func TestBuildMakesTheFilesOfADist(t *testing.T) {
	d := built(t, fixture(t))
	want := []*regexp.Regexp{
		regexp.MustCompile(`^plura-chat-[0-9a-f]{8}\.wasm$`),
		regexp.MustCompile(`^plura-chat-de-[0-9a-f]{8}\.json$`),
		regexp.MustCompile(`^plura-chat-around-[0-9a-f]{8}\.js$`),
		regexp.MustCompile(`^plura-chat-start-[0-9a-f]{8}\.js$`),
	}
	for _, f := range features {
		want = append(want, regexp.MustCompile(`^plura-chat-`+f.name+`-[0-9a-f]{8}\.js$`))
	}
	want = append(want,
		regexp.MustCompile(`^plura-chat-features-[0-9a-f]{8}\.js$`),
		regexp.MustCompile(`^plura-chat-failure-[0-9a-f]{8}\.js$`),
		regexp.MustCompile(`^plura-chat-aside-[0-9a-f]{8}\.js$`),
		regexp.MustCompile(`^plura-chat\.js$`),
		regexp.MustCompile(`^plura-chat-[0-9a-f]{8}\.js$`),
		regexp.MustCompile(`^plura-chat-frame-[0-9a-f]{8}\.js$`),
		regexp.MustCompile(`^frame\.html$`),
		regexp.MustCompile(`^plura-chat\.d\.ts$`),
		regexp.MustCompile(`^LICENSES\.txt$`),
		regexp.MustCompile(`^integrity\.json$`),
	)
	if len(d.Files) != len(want) {
		t.Fatalf("%d files, want %d", len(d.Files), len(want))
	}
	for i, f := range d.Files {
		if !want[i].MatchString(f.Name) {
			t.Errorf("file %d is %s, want %v", i, f.Name, want[i])
		}
	}
	if stable, hashed := d.Loader(), d.Files[len(d.Files)-6]; !bytes.Equal(stable.Data, hashed.Data) {
		t.Errorf("%s and %s differ", stable.Name, hashed.Name)
	}
}

func TestLoaderKnowsTheBuild(t *testing.T) {
	d := built(t, fixture(t))
	loader := string(d.Loader().Data)
	for _, want := range []string{d.Files[0].Name, fileOf(t, d, "start").Name, fileOf(t, d, "aside").Name, Version, ".frame{color:red}"} {
		if !strings.Contains(loader, want) {
			t.Errorf("the loader lacks %q: %s", want, loader)
		}
	}
	for _, not := range []string{"longNamedArguments", "import", "typing"} {
		if strings.Contains(loader, not) {
			t.Errorf("the loader holds %q: %s", not, loader)
		}
	}
}

// TestStartWrapsTheGlue checks that the start module has Go's script in a function with a parameter instead of
// globalThis, and begins with the script's notice.
func TestStartWrapsTheGlue(t *testing.T) {
	d := built(t, fixture(t))
	start := string(d.Files[3].Data)
	if !strings.HasPrefix(start, "/*! wasm_exec.js: Copyright 2018 The Go Authors. All rights reserved. See LICENSE. */") {
		t.Errorf("the notice is missing: %s", start)
	}
	parameter := regexp.MustCompile(`function \w+\((\w+)\)\{"use strict";(\w+)\.Go=class`).FindStringSubmatch(start)
	if parameter == nil || parameter[1] != parameter[2] || strings.Contains(start, "globalThis") {
		t.Errorf("the glue does not write to a parameter: %s", start)
	}
	hash := strings.TrimSuffix(strings.TrimPrefix(d.Files[1].Name, "plura-chat-de-"), ".json") // the scripts have only this part of the name
	if !strings.Contains(start, ":host{margin:0}") || !strings.Contains(start, d.Files[0].Name) || !strings.Contains(start, hash) {
		t.Errorf("the start module lacks the style sheet or a name: %s", start)
	}
}

// TestGoShimsAreLeftOut checks that the installed Go's script has the parts that make and check globals, and no other use
// of what they define.
func TestGoShimsAreLeftOut(t *testing.T) {
	root, err := FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	glue, err := (&Recipe{Root: root}).goGlue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	rest := goShims.ReplaceAllString(glue, "\n")
	if parts := goShims.FindAllString(glue, -1); len(parts) != 8 {
		t.Errorf("%d parts are left out: %q", len(parts), parts)
	}
	for _, gone := range []string{"outputBuf", "enosys", "globalThis.fs", "process", "pathSegments", "polyfill"} {
		if strings.Contains(rest, gone) {
			t.Errorf("%s is left in:\n%s", gone, rest[:min(len(rest), 3000)])
		}
	}
}

// TestModulesHaveTheirWords checks that the modules of web/aside contain their words and style sheets and the names of
// the modules that they load.
func TestModulesHaveTheirWords(t *testing.T) {
	d := built(t, fixture(t))
	start, teaser, features := fileOf(t, d, "start"), fileOf(t, d, "teaser"), fileOf(t, d, "features")
	failure, aside := fileOf(t, d, "failure"), fileOf(t, d, "aside")
	for _, module := range []struct {
		*File
		holds []string
	}{
		{teaser, []string{"aside{padding:0}", "Hallo"}},
		{failure, []string{"b{margin:0}", "Schade", start.Name}},
		{features, []string{teaser.Name, teaser.shortIntegrity(), `attributes:["teaser"]`}},
		{aside, []string{"Chat öffnen", features.Name, failure.Name}},
	} {
		for _, want := range module.holds {
			if !strings.Contains(string(module.Data), want) {
				t.Errorf("%s lacks %q: %s", module.Name, want, module.Data)
			}
		}
	}
	if strings.Contains(string(aside.Data), "Schade") {
		t.Errorf("the module aside has a word of another's: %s", aside.Data)
	}
}

// TestFramePinsItsScripts checks that the page in the iframe has the digests of its two scripts.
func TestFramePinsItsScripts(t *testing.T) {
	d := built(t, fixture(t))
	page := string(d.File("frame.html").Data)
	scripts := []*File{d.Files[len(d.Files)-6], fileOf(t, d, "frame")}
	for _, f := range scripts {
		sum := sha512.Sum384(f.Data)
		want := `<script src="` + f.Name + `" integrity="sha384-` + base64.StdEncoding.EncodeToString(sum[:]) + `"></script>`
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s: %s", want, page)
		}
	}
	if script := string(scripts[1].Data); !strings.Contains(script, "body{margin:0}") {
		t.Errorf("the script lacks its style sheet: %s", script)
	}
}

func TestIntegrityNamesEveryFile(t *testing.T) {
	d := built(t, fixture(t))
	var sums Digests
	if err := json.Unmarshal(d.File("integrity.json").Data, &sums); err != nil {
		t.Fatal(err)
	}
	if len(sums.Files) != len(d.Files)-1 || sums.Version != Version {
		t.Errorf("%d digests for %d files of version %q", len(sums.Files), len(d.Files)-1, sums.Version)
	}
	for name, got := range sums.Files {
		sum := sha512.Sum384(d.File(name).Data)
		if want := "sha384-" + base64.StdEncoding.EncodeToString(sum[:]); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// TestTranslationsAreFiles checks that a language other than English has a file with its words, unchanged and in the
// order of the keys, except those that only modules use.
func TestTranslationsAreFiles(t *testing.T) {
	d := built(t, fixture(t))
	var texts []any
	if err := json.Unmarshal(d.Files[1].Data, &texts); err != nil {
		t.Fatal(err)
	}
	at := func(key string) any { return texts[slices.Index(words.Keys(), key)] }
	if at("typing") != "<tippt>" || at("open") != "Chat öffnen" || slices.Contains(texts, any("Hallo")) {
		t.Errorf("%s holds %v", d.Files[1].Name, texts)
	}
}

// TestBuildErrorsNameThePlace checks that the error for a mistake in a source has its place, and that there is no dist.
func TestBuildErrorsNameThePlace(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"script":  {"web/loader/loader.js", "const a = ;", "loader.js:1:10"},
		"import":  {"web/start/start.js", `import "./missing.js"`, "missing.js"},
		"style":   {"web/loader/loader.css", ".a { color: red", `Expected "}"`},
		"words":   {"widget/words/de.json", `{"retry": "Erneut versuchen"}`, `de.json: the word "open"`},
		"no JSON": {"widget/words/de.json", `{`, "de.json"},
	} {
		t.Run(name, func(t *testing.T) {
			r := fixture(t)
			write(t, filepath.Join(r.Root, c.file), c.text)
			d, err := r.Build(t.Context())
			if d != nil || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Build = %v, %v; want an error with %q", d, err, c.want)
			}
		})
	}
}

func TestWriteLeavesJustTheBuild(t *testing.T) {
	r, dir := fixture(t), filepath.Join(t.TempDir(), "dist")
	old := built(t, r)
	if err := old.Write(dir, &Compressor{Fast: true}); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "robots.txt"), "not of the build")
	write(t, filepath.Join(r.Root, "web/start/start.js"), `export const start = () => glue(BUILD.wasmHash);`)
	d := built(t, r)
	before := modified(t, filepath.Join(dir, d.Files[0].Name))
	if err := d.Write(dir, &Compressor{Fast: true}); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range d.Files {
		want = append(want, f.Name, f.Name+".br", f.Name+".gz")
		if got, err := os.ReadFile(filepath.Join(dir, f.Name)); err != nil || !bytes.Equal(got, f.Data) {
			t.Errorf("%s: %v, or other bytes", f.Name, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(want)+1 {
		t.Errorf("%d files, want %v and robots.txt", len(entries), want)
	}
	if _, err := os.Stat(filepath.Join(dir, old.Files[3].Name)); !os.IsNotExist(err) {
		t.Errorf("the old %s is still there: %v", old.Files[3].Name, err)
	}
	if after := modified(t, filepath.Join(dir, d.Files[0].Name)); after != before {
		t.Error("a file was written that had not changed")
	}
}

func modified(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime().UnixNano()
}

func TestWriteTableAlignsThousands(t *testing.T) {
	var out strings.Builder
	if err := WriteTable(&out, []Sizes{{"a.wasm", 3764493, 687611, 999}, {"b.js", 0, 12, 1000}}); err != nil {
		t.Fatal(err)
	}
	const want = "" +
		"       bytes    brotli    gzip  file\n" +
		"   3,764,493   687,611     999  a.wasm\n" +
		"           0        12   1,000  b.js\n"
	if out.String() != want {
		t.Errorf("table:\n%swant:\n%s", out.String(), want)
	}
}

// TestReadmeNamesTheGo checks that README has the version of Go that go.mod pins for releases.
func TestReadmeNamesTheGo(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	pinned := regexp.MustCompile(`(?m)^toolchain go(\S+)$`).FindSubmatch(module)
	if pinned == nil || !strings.Contains(string(readme), "Releases are made by Go "+string(pinned[1])+",") {
		t.Errorf("go.mod pins %q, and README does not name it", pinned)
	}
}
