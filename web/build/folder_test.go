package build

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shipped is a folder into which a test writes builds.
type shipped struct {
	t *testing.T
	Folder
}

func newShipped(t *testing.T, keep int) *shipped {
	return &shipped{t, Folder{Dir: filepath.Join(t.TempDir(), "dist"), Keep: keep}}
}

// ship writes a small build whose files all contain a text.
func (s *shipped) ship(text string) *Dist {
	s.t.Helper()
	d := &Dist{Version: Version}
	for _, name := range []string{"start", "failure", "aside"} {
		data := []byte(text + name)
		d.add(hashedName("plura-chat-"+name, ".js", data), data)
	}
	d.add(LoaderName, []byte(text))
	s.write(d)
	return d
}

func (s *shipped) write(d *Dist) {
	s.t.Helper()
	if err := s.Write(d, &Compressor{Fast: true}); err != nil {
		s.t.Fatal(err)
	}
}

// has reports whether the folder has a file.
func (s *shipped) has(name string) bool {
	_, err := os.Stat(filepath.Join(s.Dir, name))
	return err == nil
}

// list returns the lines of a list of the folder.
func (s *shipped) list(name string) []string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Fields(string(text))
}

func TestFolderKeepsTheLastBuilds(t *testing.T) {
	s := newShipped(t, 0)
	var starts []string
	for _, text := range []string{"a", "b", "c", "d"} {
		starts = append(starts, fileOf(t, s.ship(text), "start").Name)
	}
	for i, name := range starts {
		for _, ext := range []string{"", ".br", ".gz"} {
			if got, want := s.has(name+ext), i > 0; got != want {
				t.Errorf("the folder has %s of build %d: %v, want %v", name+ext, i, got, want)
			}
			if got, want := slices.Contains(s.list(removeName), name+ext), i == 0; got != want {
				t.Errorf("%s of build %d is to be removed: %v, want %v", name+ext, i, got, want)
			}
		}
	}
	var builds []entry
	if err := json.Unmarshal([]byte(strings.Join(s.list(BuildsName), " ")), &builds); err != nil {
		t.Fatal(err)
	}
	for i, b := range builds {
		if got, want := slices.Contains(b.Files, starts[3-i]), i < 3; b.Version != Version || got != want {
			t.Errorf("build %d of %s has the start module: %v, want %v", i, b.Version, got, want)
		}
	}
	if len(builds) != 4 {
		t.Errorf("%s has %d builds, want 4", BuildsName, len(builds))
	}
}

// TestFolderKeepsTheNotice checks that the modules of the notice remain longer than their build, but not for ever.
func TestFolderKeepsTheNotice(t *testing.T) {
	s := newShipped(t, 1)
	old := s.ship("old")
	for i := range noticeBuilds {
		if !s.has(fileOf(t, old, "aside").Name) || !s.has(fileOf(t, old, "failure").Name) {
			t.Fatalf("the notice is gone after %d builds", i)
		}
		s.ship(strings.Repeat("x", i))
	}
	if name := fileOf(t, old, "failure").Name; s.has(name) || !slices.Contains(s.list(removeName), name) {
		t.Errorf("%s is not removed after %d builds", name, noticeBuilds)
	}
}

// TestFolderOfTheSameBuild checks that a build without a change adds no entry, and that an earlier build can return.
func TestFolderOfTheSameBuild(t *testing.T) {
	s := newShipped(t, 2)
	first := fileOf(t, s.ship("a"), "start").Name
	lists := s.list(BuildsName)
	if s.ship("a"); !slices.Equal(s.list(BuildsName), lists) {
		t.Errorf("%s changed from %v to %v", BuildsName, lists, s.list(BuildsName))
	}
	s.ship("b")
	s.ship("c")
	if s.has(first) || !slices.Contains(s.list(removeName), first) {
		t.Fatalf("%s is not removed", first)
	}
	s.ship("a")
	if !s.has(first) || slices.Contains(s.list(removeName), first) {
		t.Errorf("%s is removed, although its build has returned", first)
	}
}

// TestUploadsAreInSafeOrder checks that the lists have each file of the folder once, those of one Cache-Control in one
// list, and that no file loads one of a later list.
func TestUploadsAreInSafeOrder(t *testing.T) {
	s, d := newShipped(t, 0), built(t, fixture(t))
	s.write(d)
	place := map[string]int{}
	var all []string
	for i, name := range []string{"upload-1.txt", "upload-2.txt", "upload-3.txt"} {
		for _, file := range s.list(name) {
			place[file] = i
			all = append(all, file)
		}
		base := func(form string) string { return strings.TrimSuffix(strings.TrimSuffix(form, ".br"), ".gz") }
		first := CacheControl(base(s.list(name)[0]))
		for _, file := range s.list(name) {
			if got := CacheControl(base(file)); got != first {
				t.Errorf("%s has %s with %q, and files with %q", name, file, got, first)
			}
		}
	}
	want := append(d.forms(), BuildsName)
	slices.Sort(want)
	slices.Sort(all)
	if !slices.Equal(all, want) {
		t.Errorf("the lists have %v, want %v", all, want)
	}
	for _, f := range d.Files {
		for _, other := range d.Files {
			if f.Name != "integrity.json" && strings.Contains(string(f.Data), other.Name) && place[other.Name] > place[f.Name] {
				t.Errorf("%s is uploaded before %s, which it loads", f.Name, other.Name)
			}
		}
	}
}

// TestFolderOfAHost checks that builds.json of a host is enough to know what the host may remove.
func TestFolderOfAHost(t *testing.T) {
	s := newShipped(t, 1)
	write(t, filepath.Join(s.Dir, BuildsName), `[{"version": "0.0.9", "files": ["plura-chat-start-01234567.js"]}]`)
	s.ship("a")
	if got, want := s.list(removeName), formsOf([]string{"plura-chat-start-01234567.js"}); !slices.Equal(got, want) {
		t.Errorf("to be removed is %v, want %v", got, want)
	}
	for _, broken := range []string{
		`[{`, `[{"files": ["../plura-chat-01234567.js"]}]`, `[{"files": ["plura-chat-a b-01234567.js"]}]`,
		`[{"files": ["-rf"]}]`,
	} {
		write(t, filepath.Join(s.Dir, BuildsName), broken)
		if err := s.Write(&Dist{}, &Compressor{Fast: true}); err == nil || !strings.Contains(err.Error(), BuildsName) {
			t.Errorf("with %s: %v", broken, err)
		}
	}
}

// TestFolderOfAnOwner checks that the files of the npm package get only into a folder that wants them: they have names
// that an owner's files may have.
func TestFolderOfAnOwner(t *testing.T) {
	const mine = "of the owner"
	s := newShipped(t, 0)
	name := filepath.Join(s.Dir, "README.md")
	write(t, name, mine)
	for _, wanted := range []bool{false, true} {
		s.Package = wanted
		s.write(&Dist{Package: []*File{{"README.md", []byte("of the package")}}})
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if replaced := string(got) != mine; replaced != wanted {
			t.Errorf("with Package %v, README.md is %q", wanted, got)
		}
	}
}
