package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const sample = `package sample

const limit = 15

func (s *thing) do(n int) bool {
	if n < limit && !s.done {
		s.begin()
		s.note(n)
		s.count++
		return true
	}
	switch n {
	case 7:
		s.end()
	}
	for range 3 {
		continue
	}
	return false
}
`

func TestMutants(t *testing.T) {
	all, err := findMutants("sample.go", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range all {
		keys = append(keys, m.key())
		// Each mutant changes the source, and the result can be parsed.
		changed := m.apply([]byte(sample))
		if string(changed) == sample {
			t.Errorf("%s changes nothing", m.key())
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "sample.go", changed, 0); err != nil {
			t.Errorf("%s: %v", m.key(), err)
		}
	}
	for _, want := range []string{
		"const: 15 => 16", "const: 15 => 14",
		"thing.do: n < limit && !s.done => !(n < limit && !s.done)",
		"thing.do: < => <=", "thing.do: && => ||", "thing.do: ! => nothing",
		"thing.do: s.begin() => nothing", "thing.do: s.begin() s.note(n) => s.note(n); s.begin()",
		"thing.do: s.count++ => nothing", "thing.do: ++ => --",
		"thing.do: true => false", "thing.do: false => true",
		"thing.do: case 7: s.end() => nothing", "thing.do: 7 => 8",
		"thing.do: continue => break", "thing.do: 3 => 2",
	} {
		if !slices.Contains(keys, want) {
			t.Errorf("no mutant %q", want)
		}
	}
}

// TestSwapsCallsOnly checks that a call is not swapped with a statement that calls nothing.
func TestSwapsCallsOnly(t *testing.T) {
	all, err := findMutants("sample.go", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.key() == "thing.do: s.note(n) s.count++ => s.count++; s.note(n)" {
			t.Error("a call and a count were swapped")
		}
	}
}

// TestNumbered checks that mutants that read the same are numbered by their place in the text.
func TestNumbered(t *testing.T) {
	all, err := findMutants("a.go", []byte("package a\n\nfunc f(n int) int { g(n - 1); return h(n - 1) + 7 }\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range all {
		if m.old == "1" && m.new == "2" || m.old == "7" && m.new == "8" {
			got = append(got, m.numbered())
		}
	}
	if want := []string{"f: 1 => 2 #1", "f: 1 => 2 #2", "f: 7 => 8"}; !slices.Equal(got, want) {
		t.Errorf("the mutants are %q, want %q", got, want)
	}
}

// TestEquivalentsAreThere checks that each entry of equivalents.txt is a mutant of the code. Otherwise it might hide a
// later mutant that reads the same.
func TestEquivalentsAreThere(t *testing.T) {
	known, err := parseEquivalents(equivalents)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]bool{}
	for line := range known {
		file, key, _ := strings.Cut(line, ": ")
		if found[file] == nil {
			source, err := os.ReadFile(filepath.Join("..", "..", "..", filepath.FromSlash(file)))
			if err != nil {
				t.Errorf("%s: %v", line, err)
				continue
			}
			all, err := findMutants(file, source)
			if err != nil {
				t.Fatal(err)
			}
			found[file] = map[string]bool{}
			for _, m := range all {
				found[file][m.key()], found[file][m.numbered()] = true, true
			}
		}
		if !found[file][key] {
			t.Errorf("equivalents.txt lists %q, which is no mutant of the code", line)
		}
	}
}

func TestEquivalents(t *testing.T) {
	if _, err := parseEquivalents(equivalents); err != nil {
		t.Error(err)
	}
	known, err := parseEquivalents("# a\na.go: f: 1 => 2\n\tas it is only compared with 0\n")
	if err != nil || !known["a.go: f: 1 => 2"] {
		t.Errorf("parseEquivalents = %v, %v", known, err)
	}
	for _, bad := range []string{"a.go: f: 1 => 2\n", "\treason\n", "a\nb\n\treason\n"} {
		if _, err := parseEquivalents(bad); err == nil {
			t.Errorf("parseEquivalents(%q) took it", bad)
		}
	}
}
