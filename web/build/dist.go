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

// LoaderName is the one file that a site owner names.
const LoaderName = "plura-chat.js"

// Dist is a finished build, in memory.
type Dist struct {
	Files []*File // in the order they were made
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

// Loader is the script that a page embeds.
func (d *Dist) Loader() *File { return d.File(LoaderName) }

// Engine is the WebAssembly.
func (d *Dist) Engine() *File {
	for _, f := range d.Files {
		if strings.HasSuffix(f.Name, ".wasm") {
			return f
		}
	}
	return nil
}

// hashDigits is how many hexadecimal digits of the content's SHA-256 a name carries: enough that two
// builds never meet in one.
const hashDigits = 8

var hashed = regexp.MustCompile(fmt.Sprintf(`-[0-9a-f]{%d}\.[a-z]+$`, hashDigits))

// Hashed reports whether a file's name carries a hash of its content, so that it may be cached forever.
func Hashed(name string) bool { return hashed.MatchString(name) }

// hashedName names a file after its content, so that it may be cached forever.
func hashedName(stem, ext string, data []byte) string {
	sum := sha256.Sum256(data)
	return stem + "-" + hex.EncodeToString(sum[:])[:hashDigits] + ext
}

// hash is the part of a hashed name that tells this content from any other.
func (f *File) hash() string {
	return strings.TrimPrefix(hashed.FindString(f.Name), "-")[:hashDigits]
}

// integrity is the file's digest as the attribute integrity takes it.
func (f *File) integrity() string {
	sum := sha512.Sum384(f.Data)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// shortIntegrity is integrity where each character counts, in the loader: SHA-256, which keeps a forged file out as well.
func (f *File) shortIntegrity() string {
	sum := sha256.Sum256(f.Data)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// integrity lists the digest of every file there is so far, as JSON by name.
func (d *Dist) integrity() ([]byte, error) {
	sums := map[string]string{}
	for _, f := range d.Files {
		sums[f.Name] = f.integrity()
	}
	b, err := json.MarshalIndent(sums, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("integrity.json: %w", err)
	}
	return append(b, '\n'), nil
}

// Write makes folder dir hold the files, each with its compressed forms beside it, and nothing else.
// What is there already is left untouched.
func (d *Dist) Write(dir string, c *Compressor) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("writing %s: %w", dir, err)
	}
	var keep []string
	put := func(name string, data []byte) error {
		keep = append(keep, name)
		return writeChanged(filepath.Join(dir, name), data)
	}
	for _, f := range d.Files {
		br, gz, err := c.Compress(f.Data)
		if err != nil {
			return fmt.Errorf("compressing %s: %w", f.Name, err)
		}
		for ext, data := range map[string][]byte{"": f.Data, ".br": br, ".gz": gz} {
			if err := put(f.Name+ext, data); err != nil {
				return fmt.Errorf("writing %s: %w", f.Name+ext, err)
			}
		}
	}
	old, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("tidying %s: %w", dir, err)
	}
	for _, f := range old {
		// Only what a build made: somebody's own file in the folder is not ours to delete.
		if name := f.Name(); strings.HasPrefix(name, "plura-chat") && !slices.Contains(keep, name) {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				return fmt.Errorf("tidying %s: %w", dir, err)
			}
		}
	}
	return nil
}

// writeChanged writes the file unless it holds just that, by way of a neighbour so that no reader ever
// sees half of it.
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
