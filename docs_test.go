package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// page is a file of documentation, with its slash-separated path from the module's root.
type page struct {
	file, text string
}

// pages returns all files of documentation: those of the root, of web, and of the pages for site owners.
func pages(t *testing.T) []page {
	t.Helper()
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("web/*.md")
	if err != nil {
		t.Fatal(err)
	}
	owners, err := filepath.Glob(ownerPages + "/*.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(owners) == 0 {
		t.Fatalf("there are no pages in %s", ownerPages)
	}
	var all []page
	for _, file := range slices.Concat(files, more, owners) {
		file = filepath.ToSlash(file)
		all = append(all, page{file, read(t, file)})
	}
	return all
}

// fence matches a code block, and code matches code in a line.
var (
	fence = regexp.MustCompile("(?ms)^```.*?^```[^\n]*$")
	code  = regexp.MustCompile("`[^`\n]*`")
)

// anchors returns the anchors of a page's headings, which GitHub makes from the headings.
func anchors(text string) []string {
	var names []string
	for line := range strings.Lines(fence.ReplaceAllString(text, "")) {
		heading := regexp.MustCompile(`^#{1,6} +(.*?)\s*$`).FindStringSubmatch(line)
		if heading == nil {
			continue
		}
		name := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r):
				return unicode.ToLower(r)
			}
			return -1
		}, heading[1])
		for n, base := 1, name; slices.Contains(names, name); n++ {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		names = append(names, name)
	}
	return names
}

// links returns the targets of a page's links. It ignores links in code.
func links(text string) []string {
	var targets []string
	text = code.ReplaceAllString(fence.ReplaceAllString(text, ""), "")
	for _, link := range regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(text, -1) {
		targets = append(targets, link[1])
	}
	return targets
}

// follow returns the file that a link on a page leads to, and an error if the file or the heading does not exist.
func follow(all []page, from page, target string) (file string, err error) {
	name, anchor, _ := strings.Cut(target, "#")
	file = from.file
	if name != "" {
		file = path.Join(path.Dir(from.file), name)
	}
	if _, err := os.Stat(filepath.FromSlash(file)); err != nil {
		return file, err
	}
	if anchor == "" {
		return file, nil
	}
	i := slices.IndexFunc(all, func(p page) bool { return p.file == file })
	if i < 0 {
		return file, errors.New("the link names a heading of a file that is no page")
	}
	if !slices.Contains(anchors(all[i].text), anchor) {
		return file, fmt.Errorf("%s has no heading %q", file, anchor)
	}
	return file, nil
}

// TestLinks follows every link of every page, and requires that README has a link to each page for site owners.
func TestLinks(t *testing.T) {
	all := pages(t)
	reached := map[string]bool{}
	for _, from := range all {
		for _, target := range links(from.text) {
			if strings.Contains(target, ":") {
				continue // another site
			}
			file, err := follow(all, from, target)
			if err != nil {
				t.Errorf("%s links to %q: %v", from.file, target, err)
			}
			if from.file == "README.md" {
				reached[file] = true
			}
		}
	}
	for _, p := range all {
		if strings.HasPrefix(p.file, ownerPages) && !reached[p.file] {
			t.Errorf("README has no link to %s", p.file)
		}
	}
}

// TestLinksThatLeadNowhere checks that follow returns an error for broken links.
func TestLinksThatLeadNowhere(t *testing.T) {
	here := page{"docs/a.md", "# One\n\n```sh\n# Not a heading\n```\n\n## Two `words`, 3\n\n## One\n"}
	readme := page{"README.md", "# Top\n"}
	all := []page{here, readme}
	if got, want := anchors(here.text), []string{"one", "two-words-3", "one-1"}; !slices.Equal(got, want) {
		t.Errorf("anchors are %q, want %q", got, want)
	}
	for target, ok := range map[string]bool{
		"../README.md": true, "../README.md#top": true, "../README.md#bottom": false, "../README.md#Top": false,
		"../nowhere.md": false, "README.md": false, "../main.go": true, "../main.go#top": false,
	} {
		if _, err := follow(all, here, target); (err == nil) != ok {
			t.Errorf("%s: %v", target, err)
		}
	}
	const text = "[a](b)\n```\n[c](d)\n```\n`[e](f)` [g](h#i)\n"
	if got, want := links(text), []string{"b", "h#i"}; !slices.Equal(got, want) {
		t.Errorf("links are %q, want %q", got, want)
	}
}

// TestReadmeIsShort limits README to what a site owner reads in five minutes. The details are on other pages.
func TestReadmeIsShort(t *testing.T) {
	const most = 250
	if n := strings.Count(read(t, "README.md"), "\n"); n > most {
		t.Errorf("README has %d lines, at most %d are allowed", n, most)
	}
}

// sources returns the text of all files below a folder whose names end in one of the suffixes. It skips folders with
// built or installed files.
func sources(t *testing.T, folder string, suffixes ...string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"dist", "node_modules", "shots"}, entry.Name()) {
			return filepath.SkipDir
		}
		if !slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(file, suffix) }) {
			return nil
		}
		text, err := os.ReadFile(file)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if all.Len() == 0 {
		t.Fatalf("no file below %s ends in %q", folder, suffixes)
	}
	return all.String()
}

// names returns the matches of the first group of an expression, sorted and without duplicates.
func names(text, expression string) []string {
	var found []string
	for _, match := range regexp.MustCompile(expression).FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// TestNamedTestsExist requires that the tests exist that the pages name.
func TestNamedTestsExist(t *testing.T) {
	tests := sources(t, ".", "_test.go")
	for _, p := range pages(t) {
		for _, name := range names(p.text, "`((?:Test|Fuzz)[A-Z][A-Za-z]*)`") {
			if !strings.Contains(tests, "\nfunc "+name+"(") {
				t.Errorf("%s names %s, which does not exist", p.file, name)
			}
		}
	}
}

// npmPath is where a site has the files of the npm package.
const npmPath = "/plura-chat/"

// TestNamedFilesExist requires that the files and folders exist that the pages name.
func TestNamedFilesExist(t *testing.T) {
	there := map[string]bool{
		"plura-chat.js": true, "integrity.json": true, "LICENSES.txt": true, // the build makes these
		"builds.json": true, "upload-1.txt": true, "upload-2.txt": true, "upload-3.txt": true, "remove.txt": true,
		"wasm_exec.js": true, // of Go
	}
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && slices.Contains([]string{".git", "dist", "node_modules"}, entry.Name()) {
			return filepath.SkipDir
		}
		// A page may name a file by any number of the last elements of its path.
		for name := filepath.ToSlash(file); name != ""; {
			there[name] = true
			_, name, _ = strings.Cut(name, "/")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages(t) {
		text := fence.ReplaceAllString(p.text, "")
		files := names(text, "`(?:\\./)?([\\w./-]+\\.(?:js|css|html|go|json|sh|ts|txt|md|mod|sum))`")
		folders := names(text, "`((?:protocol|widget|web)/[\\w./-]*)/`")
		for _, name := range slices.Concat(files, folders) {
			if !there[strings.TrimPrefix(strings.TrimPrefix(name, "web/dist/"), npmPath)] {
				t.Errorf("%s names %s, which does not exist", p.file, name)
			}
		}
	}
}
