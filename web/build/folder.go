package build

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// DefaultKeep is the default of Folder.Keep. noticeBuilds is the number of builds whose notice remains: a page that is
// older than all kept builds needs it to tell the visitor that the chat has been updated.
const (
	DefaultKeep  = 3
	noticeBuilds = 30
)

// BuildsName is the name of the file that lists the builds of a Folder, and removeName that of the list of what the
// host may remove.
const (
	BuildsName = "builds.json"
	removeName = "remove.txt"
)

// Folder is a folder with the files of the last builds, to be copied to a host. A page that was opened before a deploy
// still requests the files of its own build. Beside the files, the folder has
//
//   - builds.json, which lists the builds,
//   - upload-1.txt, upload-2.txt and upload-3.txt, which list the files of the newest build in the order in which it is
//     safe to copy them: no file on the host ever loads one that is not there. Each list has the files of one value of
//     [CacheControl];
//   - remove.txt, which lists what may be removed from the host after the upload.
type Folder struct {
	// Dir is the path. The folder is made if necessary.
	Dir string
	// Keep is the number of builds whose files remain; 0 stands for DefaultKeep. Of older builds, only the small
	// modules of the notice remain that the chat has been updated.
	Keep int
	// Package adds the files that only the npm package has, such as package.json and README.md. They replace files of
	// these names.
	Package bool
}

// entry is a build in builds.json.
type entry struct {
	Version string   `json:"version"`
	Files   []string `json:"files"` // those with a hash in the name, without the compressed forms
}

// Write writes a build's files and their compressed forms, and the lists. It does not write files that have not
// changed. It removes the files of builds that are not kept, and all other files whose names begin with plura-chat.
func (f *Folder) Write(d *Dist, c *Compressor) error {
	old, err := f.builds()
	if err != nil {
		return fmt.Errorf("writing %s: %w", f.Dir, err)
	}
	builds := withBuild(old, d.entry(), f.keep())
	kept := append(d.forms(), formsOf(filesOf(builds))...)
	if err := d.put(f.Dir, c); err != nil {
		return err
	}
	if f.Package {
		if err := d.putPackage(f.Dir); err != nil {
			return err
		}
	}
	isKept := func(name string) bool { return slices.Contains(kept, name) }
	if err := f.writeLists(d, builds, slices.DeleteFunc(formsOf(filesOf(old)), isKept), isKept); err != nil {
		return fmt.Errorf("writing the lists of %s: %w", f.Dir, err)
	}
	return removeOthers(f.Dir, isKept)
}

func (f *Folder) keep() int {
	if f.Keep > 0 {
		return f.Keep
	}
	return DefaultKeep
}

// buildName matches the names in builds.json. The file may come from the host, and its names get into remove.txt.
var buildName = regexp.MustCompile(`^plura-chat(-[a-z-]+)?` + hashed.String())

// builds returns the builds that the folder has, the newest first.
func (f *Folder) builds() ([]entry, error) {
	text, err := os.ReadFile(filepath.Join(f.Dir, BuildsName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var builds []entry
	if err := json.Unmarshal(text, &builds); err != nil {
		return nil, fmt.Errorf("reading %s: %w", BuildsName, err)
	}
	for _, name := range filesOf(builds) {
		if !buildName.MatchString(name) {
			return nil, fmt.Errorf("reading %s: %q is no file of a build", BuildsName, name)
		}
	}
	return builds, nil
}

// entry returns the build's entry in builds.json.
func (d *Dist) entry() entry {
	b := entry{Version: d.Version}
	for _, f := range d.Files {
		if Hashed(f.Name) {
			b.Files = append(b.Files, f.Name)
		}
	}
	return b
}

// withBuild returns the builds with the newest one first. Only the first most of them have all their files; the others
// have those of the notice. A build that is there already, as after a return to an earlier version, moves to the front.
func withBuild(builds []entry, newest entry, most int) []entry {
	all := []entry{newest}
	for _, b := range builds {
		isNewest := !slices.ContainsFunc(b.Files, func(name string) bool { return !slices.Contains(newest.Files, name) })
		if isNewest || len(all) == noticeBuilds {
			continue
		}
		if len(all) >= most {
			b.Files = slices.DeleteFunc(slices.Clone(b.Files), func(name string) bool { return !ofNotice(name) })
		}
		all = append(all, b)
	}
	return all
}

// ofNotice reports whether a file is the module that tells a visitor that the chat has been updated, or the one that
// loads it.
func ofNotice(name string) bool {
	return strings.HasPrefix(name, "plura-chat-aside-") || strings.HasPrefix(name, "plura-chat-failure-")
}

// filesOf returns the names of the builds' files.
func filesOf(builds []entry) []string {
	var all []string
	for _, b := range builds {
		all = append(all, b.Files...)
	}
	return all
}

// rank returns the place of a file in the upload: first those with a hash, then those that name them, and last the
// script that pages name.
func rank(name string) int {
	switch {
	case Hashed(name):
		return 0
	case name == LoaderName:
		return 2
	}
	return 1
}

// Uploads returns the files upload-1.txt, upload-2.txt and upload-3.txt: see [Folder].
func (d *Dist) Uploads() []*File {
	lists := make([][]string, 3)
	for _, f := range d.Files {
		lists[rank(f.Name)] = append(lists[rank(f.Name)], formsOf([]string{f.Name})...)
	}
	var files []*File
	for i, list := range lists {
		files = append(files, lines(fmt.Sprintf("upload-%d.txt", i+1), list))
	}
	return files
}

// lines returns a file with one name in each line.
func lines(name string, list []string) *File {
	text := strings.Join(list, "\n")
	if text != "" {
		text += "\n"
	}
	return &File{Name: name, Data: []byte(text)}
}

// writeLists writes builds.json and the lists. A name remains on the list remove.txt until the site owner removes the
// list, because not every build is uploaded.
func (f *Folder) writeLists(d *Dist, builds []entry, dropped []string, kept func(name string) bool) error {
	text, err := json.MarshalIndent(builds, "", "  ")
	if err != nil {
		return err
	}
	earlier, err := os.ReadFile(filepath.Join(f.Dir, removeName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	remove := append(slices.DeleteFunc(strings.Fields(string(earlier)), kept), dropped...)
	slices.Sort(remove)
	lists := append(d.Uploads(), lines(removeName, slices.Compact(remove)), &File{BuildsName, append(text, '\n')})
	lists[1].Data = append(lists[1].Data, BuildsName+"\n"...)
	for _, list := range lists {
		if err := writeChanged(filepath.Join(f.Dir, list.Name), list.Data); err != nil {
			return err
		}
	}
	return nil
}

// forms returns the names of all files with those of their compressed forms.
func (d *Dist) forms() []string {
	var names []string
	for _, f := range d.Files {
		names = append(names, f.Name)
	}
	return formsOf(names)
}

// formsOf returns the names with those of the compressed forms.
func formsOf(names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, name, name+".br", name+".gz")
	}
	return all
}
