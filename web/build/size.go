package build

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"
)

// SizeReport compiles the program with the names of its functions, and reports their sizes.
func (r *Recipe) SizeReport(ctx context.Context) (*SizeReport, error) {
	named := &Recipe{Root: r.Root, Plain: r.Plain, Strict: r.Strict, Log: r.Log, symbols: true}
	wasm, _, err := named.compile(ctx)
	if err != nil {
		return nil, err
	}
	list, err := named.goCommand(ctx, "list", "-deps", "-f", "{{.ImportPath}}", ".")
	if err != nil {
		return nil, err
	}
	return measure(wasm, strings.Fields(string(list)))
}

// SizeReport has the sizes of the packages and functions of a WebAssembly program.
type SizeReport struct {
	total, code, data int
	functions         []function
}

// function is one compiled function.
type function struct {
	pkg, name string
	bytes     int
}

// measure makes the report of a program that was linked with its symbols. packages are the import paths of all linked
// packages. The data section (strings, types, line tables) has no names, so it is not divided by package.
func measure(wasm []byte, packages []string) (*SizeReport, error) {
	sections, err := wasmSections(wasm)
	if err != nil {
		return nil, err
	}
	r := &SizeReport{total: len(wasm)}
	var bodies []int
	names := map[uint64]string{}
	imported := 0
	for _, s := range sections {
		switch s.id {
		case 2:
			imported = countImports(s.body)
		case 10:
			r.code = len(s.body)
			bodies = bodySizes(s.body)
		case 11:
			r.data = len(s.body)
		case 0:
			if s.name == "name" {
				r.total -= len(s.body)
				names = functionNames(s.body)
			}
		}
	}
	if len(names) == 0 {
		return nil, errors.New("the WebAssembly has no names of functions")
	}
	owner := newOwners(packages)
	for i, n := range bodies {
		name := names[uint64(imported+i)]
		r.functions = append(r.functions, function{owner.of(name), name, n})
	}
	slices.SortFunc(r.functions, func(a, b function) int {
		return cmp.Or(b.bytes-a.bytes, strings.Compare(a.name, b.name))
	})
	return r, nil
}

// owners finds the package of a function by the function's name. In these names the linker has replaced every character
// by an underscore, except letters, digits and dots.
type owners struct {
	prefixes []string          // longest first
	pkg      map[string]string // by prefix
}

var unwritable = regexp.MustCompile(`[^\w.]`)

func newOwners(packages []string) owners {
	o := owners{pkg: map[string]string{}}
	for _, p := range packages {
		prefix := unwritable.ReplaceAllString(p, "_") + "."
		o.prefixes = append(o.prefixes, prefix)
		o.pkg[prefix] = p
	}
	slices.SortFunc(o.prefixes, func(a, b string) int { return len(b) - len(a) })
	return o
}

// of returns the import path of a function's package, or a text in parentheses for functions without one.
func (o owners) of(name string) string {
	if strings.HasPrefix(name, "type_") {
		return "(comparing and hashing types)"
	}
	// Functions of package main have the prefix "main.", which is not the import path. They match none of these.
	for _, prefix := range o.prefixes {
		if strings.HasPrefix(name, prefix) {
			return o.pkg[prefix]
		}
	}
	return "(linker and main)"
}

// Write writes the sizes of all packages to w, and those of the largest functions, whose number is functions. If of is
// not empty, Write writes only the functions of the package with that import path; all of them if functions is 0.
func (r *SizeReport) Write(w io.Writer, functions int, of string) error {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', tabwriter.AlignRight)
	if of == "" {
		type total struct {
			pkg       string
			bytes, of int
		}
		sums := map[string]*total{}
		for _, f := range r.functions {
			if sums[f.pkg] == nil {
				sums[f.pkg] = &total{pkg: f.pkg}
			}
			sums[f.pkg].bytes += f.bytes
			sums[f.pkg].of++
		}
		var all []*total
		for _, s := range sums {
			all = append(all, s)
		}
		slices.SortFunc(all, func(a, b *total) int { return cmp.Or(b.bytes-a.bytes, strings.Compare(a.pkg, b.pkg)) })
		fmt.Fprintln(t, "code bytes\tshare\tfunctions\t  package")
		for _, s := range all {
			share := 100 * float64(s.bytes) / float64(r.code)
			fmt.Fprintf(t, "%s\t%.1f%%\t%d\t  %s\n", thousands(s.bytes), share, s.of, s.pkg)
		}
		fmt.Fprintf(t, "%s\t\t%d\t  all code\n", thousands(r.code), len(r.functions))
		fmt.Fprintf(t, "%s\t\t\t  data: strings, types, line tables\n", thousands(r.data))
		fmt.Fprintf(t, "%s\t\t\t  together, uncompressed, without names\n", thousands(r.total))
	}
	if of != "" && functions == 0 {
		functions = len(r.functions)
	}
	if functions > 0 {
		fmt.Fprintln(t, "\ncode bytes\t  function")
	}
	for _, f := range r.functions {
		if functions == 0 {
			break
		}
		if of == "" || f.pkg == of {
			fmt.Fprintf(t, "%s\t  %s\n", thousands(f.bytes), f.name)
			functions--
		}
	}
	return t.Flush()
}

// wasmSection is a section of a WebAssembly module; see
// https://webassembly.github.io/spec/core/binary/modules.html.
type wasmSection struct {
	id   byte
	name string // of a custom section (id 0)
	body []byte
}

func wasmSections(wasm []byte) ([]wasmSection, error) {
	if len(wasm) < 8 || string(wasm[:4]) != "\x00asm" {
		return nil, errors.New("not a WebAssembly module")
	}
	var all []wasmSection
	for r := (wasmReader{wasm[8:]}); len(r.rest) > 0; {
		s := wasmSection{id: r.take(1)[0]}
		s.body = r.take(int(r.uint()))
		if s.id == 0 {
			c := wasmReader{s.body}
			s.name = string(c.take(int(c.uint())))
			s.body = c.rest
		}
		all = append(all, s)
	}
	return all, nil
}

// wasmReader reads parts of a WebAssembly module. It panics if the module is malformed, because it only reads what the
// linker has just written.
type wasmReader struct{ rest []byte }

func (r *wasmReader) uint() uint64 {
	v, n := binary.Uvarint(r.rest) // LEB128, as in WebAssembly
	r.rest = r.rest[n:]
	return v
}

func (r *wasmReader) take(n int) []byte {
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// countImports returns the number of imports in an import section. All are functions in a program of Go, and the
// indices of other functions begin after them.
func countImports(body []byte) int {
	r := wasmReader{body}
	return int(r.uint())
}

func bodySizes(body []byte) []int {
	r := wasmReader{body}
	sizes := make([]int, r.uint())
	for i := range sizes {
		sizes[i] = len(r.take(int(r.uint())))
	}
	return sizes
}

// functionNames returns the names of functions in a name section, by function index.
func functionNames(body []byte) map[uint64]string {
	names := map[uint64]string{}
	for r := (wasmReader{body}); len(r.rest) > 0; {
		id := r.take(1)[0]
		part := wasmReader{r.take(int(r.uint()))}
		if id != 1 {
			continue
		}
		for n := part.uint(); n > 0; n-- {
			index := part.uint()
			names[index] = string(part.take(int(part.uint())))
		}
	}
	return names
}
