package main

import (
	"go/parser"
	"go/token"
	"slices"
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
		// Each is a change, and what it makes can still be read.
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

// The order of what cannot matter is left alone.
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
