package build

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// LoaderName is the name of the script that a site owner's page refers to.
const LoaderName = "plura-chat.js"

// Dist has the files of a build in memory.
type Dist struct {
	Version string  // of the release, as PluraChat.version in a page
	Files   []*File // in the order they were made
	Package []*File // the other files of the npm package, which no site serves
}

// File is one file of a Dist.
type File struct {
	Name string
	Data []byte
}

func (d *Dist) add(name string, data []byte) *File {
	f := &File{Name: name, Data: data}
	d.Files = append(d.Files, f)
	return f
}

// File returns the file of that name, or nil.
func (d *Dist) File(name string) *File {
	for _, f := range d.Files {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Loader returns the script that a page refers to, or nil.
func (d *Dist) Loader() *File { return d.File(LoaderName) }

// Engine returns the WebAssembly, or nil.
func (d *Dist) Engine() *File {
	for _, f := range d.Files {
		if strings.HasSuffix(f.Name, ".wasm") {
			return f
		}
	}
	return nil
}

// hashDigits is the number of hexadecimal digits of the content's SHA-256 hash in a name. It is large enough that names
// of different builds do not collide.
const hashDigits = 8

var hashed = regexp.MustCompile(fmt.Sprintf(`-[0-9a-f]{%d}\.[a-z]+$`, hashDigits))

// Hashed reports whether a file's name contains a hash of its content, so that it may be cached forever.
func Hashed(name string) bool { return hashed.MatchString(name) }

// Values of the header Cache-Control.
const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheShortly = "public, max-age=300"
	cacheChecked = "no-cache"
)

// CacheControl returns the value of the header Cache-Control that a host should send with a file of a dist. Names with
// a hash are cached for ever. The script that pages name is cached for five minutes, so that most page views need no
// request. All other files are checked for changes at each use. A host must not send the first two with an error.
func CacheControl(name string) string {
	switch {
	case Hashed(name):
		return cacheForever
	case name == LoaderName:
		return cacheShortly
	}
	return cacheChecked
}

// ContentType returns the value of the header Content-Type that a host should send with a file. Package mime is no
// source for it, because its types depend on the machine.
func ContentType(name string) string {
	switch filepath.Ext(name) {
	case ".wasm":
		return "application/wasm"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".json":
		return "application/json"
	}
	return "text/plain; charset=utf-8"
}

// hashedName returns a name that contains a hash of data: {stem}-{hash}{ext}.
func hashedName(stem, ext string, data []byte) string {
	return stem + "-" + hash(data) + ext
}

// hash returns the first digits of the SHA-256 hash of data.
func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:hashDigits]
}

// integrity returns the file's SHA-384 digest as a value of HTML's attribute integrity.
func (f *File) integrity() string {
	sum := sha512.Sum384(f.Data)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// shortIntegrity is like integrity, with SHA-256. It is as secure and keeps the scripts small.
func (f *File) shortIntegrity() string {
	sum := sha256.Sum256(f.Data)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Digests is the content of integrity.json.
type Digests struct {
	Version string            `json:"version"`
	Files   map[string]string `json:"files"` // values of HTML's attribute integrity, by name
}

// integrity returns integrity.json, with the digest of each file so far.
func (d *Dist) integrity() ([]byte, error) {
	sums := Digests{d.Version, map[string]string{}}
	for _, f := range d.Files {
		sums.Files[f.Name] = f.integrity()
	}
	b, err := json.MarshalIndent(sums, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("integrity.json: %w", err)
	}
	return append(b, '\n'), nil
}

// Write writes the files and their compressed forms to the folder dir, which it makes if necessary. It does not write
// files that have not changed. It removes the files of earlier builds: all other files whose names begin with
// plura-chat. A [Folder] keeps them, and can have the files of the npm package, too.
func (d *Dist) Write(dir string, c *Compressor) error {
	if err := d.put(dir, c); err != nil {
		return err
	}
	keep := d.forms()
	return removeOthers(dir, func(name string) bool { return slices.Contains(keep, name) })
}

// put writes the files and their compressed forms, in the order in which no file ever loads one that is not there.
func (d *Dist) put(dir string, c *Compressor) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing %s: %w", dir, err)
	}
	byRank := func(a, b *File) int { return rank(a.Name) - rank(b.Name) }
	for _, f := range slices.SortedStableFunc(slices.Values(d.Files), byRank) {
		forms, err := f.Forms(c)
		if err != nil {
			return err
		}
		for _, form := range forms {
			if err := writeChanged(filepath.Join(dir, form.Name), form.Data); err != nil {
				return fmt.Errorf("writing %s: %w", form.Name, err)
			}
		}
	}
	return nil
}

// putPackage writes the files that only the npm package has.
func (d *Dist) putPackage(dir string) error {
	for _, f := range d.Package {
		if err := writeChanged(filepath.Join(dir, f.Name), f.Data); err != nil {
			return fmt.Errorf("writing %s: %w", f.Name, err)
		}
	}
	return nil
}

// Forms returns the file and its compressed forms, whose names end in .br and .gz.
func (f *File) Forms(c *Compressor) ([]*File, error) {
	br, gz, err := c.Compress(f.Data)
	if err != nil {
		return nil, fmt.Errorf("compressing %s: %w", f.Name, err)
	}
	return []*File{f, {f.Name + ".br", br}, {f.Name + ".gz", gz}}, nil
}

// removeOthers removes the files of a folder whose names begin with plura-chat, except those for which keep returns
// true. Files with other names are not of a build.
func removeOthers(dir string, keep func(name string) bool) error {
	all, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("tidying %s: %w", dir, err)
	}
	for _, f := range all {
		if name := f.Name(); strings.HasPrefix(name, "plura-chat") && !keep(name) {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				return fmt.Errorf("tidying %s: %w", dir, err)
			}
		}
	}
	return nil
}

// writeChanged writes a file unless it has that content already. It writes a temporary file and renames it, so that
// no reader gets an incomplete file.
func writeChanged(path string, data []byte) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == string(data) {
		return nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	return err
}
