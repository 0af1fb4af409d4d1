package release

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The sources that a release changes.
const (
	versionFile = "web/build/recipe.go"
	changesFile = "CHANGELOG.md"
)

var (
	versionLine   = regexp.MustCompile(`(?m)^(const Version = ")([^"]*)"$`)
	versionNumber = regexp.MustCompile(`^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$`)
)

// path returns the path of a source.
func (o Options) path(name string) string { return filepath.Join(o.Root, filepath.FromSlash(name)) }

// edit sets the version and the date in the sources. restore undoes that.
func (o Options) edit() (restore func() error, err error) {
	recipe, version, err := o.source()
	if err != nil {
		return nil, err
	}
	if order, err := compare(o.Version, version); err != nil {
		return nil, err
	} else if order <= 0 {
		return nil, fmt.Errorf("version %s is not newer than %s, which the sources have", o.Version, version)
	}
	changes, err := os.ReadFile(o.path(changesFile))
	if err != nil {
		return nil, err
	}
	heading := []byte("\n## " + o.Version + ", unreleased\n")
	if bytes.Count(changes, heading) != 1 {
		return nil, fmt.Errorf("%s needs one section %q with what the release changes",
			changesFile, strings.TrimSpace(string(heading)))
	}
	date := o.Date
	if date.IsZero() {
		date = time.Now()
	}
	restore = func() error {
		return errors.Join(
			os.WriteFile(o.path(versionFile), recipe, 0o644),
			os.WriteFile(o.path(changesFile), changes, 0o644))
	}
	released := bytes.Replace(changes, heading, []byte("\n## "+o.Version+", "+date.Format(time.DateOnly)+"\n"), 1)
	err = errors.Join(
		os.WriteFile(o.path(versionFile), versionLine.ReplaceAll(recipe, []byte("${1}"+o.Version+`"`)), 0o644),
		os.WriteFile(o.path(changesFile), released, 0o644))
	if err != nil {
		return nil, errors.Join(err, restore())
	}
	return restore, nil
}

// source returns the source with the version, and the version.
func (o Options) source() (text []byte, version string, err error) {
	text, err = os.ReadFile(o.path(versionFile))
	if err != nil {
		return nil, "", err
	}
	found := versionLine.FindAllSubmatch(text, -1)
	if len(found) != 1 {
		return nil, "", fmt.Errorf("%s has %d lines with the version, want 1", versionFile, len(found))
	}
	return text, string(found[0][2]), nil
}

// isOf returns an error unless the sources have the version.
func (o Options) isOf() error {
	_, version, err := o.source()
	if err == nil && version != o.Version {
		err = fmt.Errorf("the sources are those of version %s, not of %s: check out its tag first", version, o.Version)
	}
	return err
}

// compare compares two versions like cmp.Compare.
func compare(a, b string) (int, error) {
	one, err := numbers(a)
	if err != nil {
		return 0, err
	}
	other, err := numbers(b)
	if err != nil {
		return 0, err
	}
	return slices.CompareFunc(one, other, cmp.Compare[int]), nil
}

// numbers returns the three numbers of a version.
func numbers(version string) ([]int, error) {
	parts := versionNumber.FindStringSubmatch(version)
	if parts == nil {
		return nil, fmt.Errorf("version %q: want three numbers, such as 1.2.3", version)
	}
	var all []int
	for _, part := range parts[1:] {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, fmt.Errorf("version %q: %w", version, err)
		}
		all = append(all, n)
	}
	return all, nil
}
