package build

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// A trick makes the WebAssembly smaller in a way that depends on what this Go is like inside: another Go may
// refuse it. Each is on its own. Where one does not fit, the recipe says so and goes on without it.
type trick string

// The tricks that there is one of. Each replaced package and each hollowed file is a trick too: replacing and
// hollowing name them.
const (
	experimentTrick trick = "GOEXPERIMENT=" + experiment
	findTrick       trick = "finding functions by their index"
	packTrick       trick = "packing"
)

func replacing(importPath string) trick { return trick("the slim " + importPath) }
func hollowing(file string) trick       { return trick("the hollowed " + path.Join("runtime", file)) }

// allTricks lists every trick.
func allTricks() []trick {
	all := []trick{experimentTrick, findTrick, packTrick}
	for _, p := range slices.Sorted(maps.Keys(overlays)) {
		all = append(all, replacing(p))
	}
	for _, f := range slices.Sorted(maps.Keys(hollowed)) {
		all = append(all, hollowing(f))
	}
	return all
}

// errTrick is a trick that does not fit the Go at hand.
var errTrick = errors.New("does not fit this Go")

// goWithout turns a trick off, for the reason why, and says so. A strict recipe fails instead.
func (r *Recipe) goWithout(t trick, why error) error {
	if r.Strict {
		return fmt.Errorf("%s %w: %w", t, errTrick, why)
	}
	if r.off == nil {
		r.off = map[trick]bool{}
	}
	r.off[t] = true
	r.logf("without %s, which %v: the WebAssembly has about %s bytes more (%s)", t, errTrick, thousands(costs[t]), reason(why))
	return nil
}

// reason is an error's first line that says something: the go command begins with the package's name.
func reason(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for _, line := range lines[1:] {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return lines[0]
}

// uses reports whether the recipe applies a trick.
func (r *Recipe) uses(t trick) bool { return !r.Plain && !r.off[t] }

// tryExperiment finds out whether this Go knows the experiment.
func (r *Recipe) tryExperiment(ctx context.Context) error {
	if !r.uses(experimentTrick) {
		return nil
	}
	_, err := r.goCommand(ctx, "env", "GOROOT")
	if err == nil || !strings.Contains(err.Error(), experiment) {
		return err // what has nothing to do with the experiment is met again without it
	}
	return r.goWithout(experimentTrick, err)
}

// link compiles and links with all tricks that fit. What does not compile because of one is compiled again
// without it.
func (r *Recipe) link(ctx context.Context) ([]byte, error) {
	ours := false // whether what does not compile is known to be no mistake in the program itself
	for {
		wasm, err := r.goBuild(ctx)
		if said := (*goError)(nil); !errors.As(err, &said) || r.Plain || ctx.Err() != nil {
			return wasm, err
		}
		suspects := r.suspects(ctx, err)
		if len(suspects) == 0 {
			return nil, err
		}
		if !ours {
			if plain := r.checkPlain(ctx); plain != nil {
				return nil, plain
			}
			ours = true
		}
		if len(suspects) > 1 {
			suspects = r.narrow(ctx, suspects)
		}
		for _, t := range suspects {
			if err := r.goWithout(t, err); err != nil {
				return nil, err
			}
		}
	}
}

// checkPlain returns what is wrong with the program when it is compiled without any trick.
func (r *Recipe) checkPlain(ctx context.Context) error {
	plain := &Recipe{Root: r.Root, Plain: true}
	_, err := plain.goCommand(ctx, "list", "-export", "-deps", "-f", "{{.ImportPath}}", cmp.Or(r.program, "."))
	return err
}

// narrow returns the one of several suspects without which all compiles, or all of them.
func (r *Recipe) narrow(ctx context.Context, suspects []trick) []trick {
	for _, t := range suspects {
		without := &Recipe{Root: r.Root, program: r.program, off: map[trick]bool{t: true}}
		maps.Copy(without.off, r.off)
		if _, err := without.goBuild(ctx); err == nil {
			return []trick{t}
		}
	}
	return suspects
}

// failedPackage is what the go command writes above a package's errors.
var failedPackage = regexp.MustCompile(`(?m)^# (\S+)`)

// suspects lists the tricks that an error of go build may come from; none if the program itself must be at
// fault.
func (r *Recipe) suspects(ctx context.Context, err error) []trick {
	text := err.Error()
	packages := failedPackage.FindAllStringSubmatch(text, -1)
	var found []trick
	for _, match := range packages {
		changed := suspectFiles(match[1], text)
		switch t := replacing(match[1]); {
		case len(changed) > 0:
			found = append(found, changed...)
			found = append(found, r.suspectImports(ctx, match[1], text)...)
		case overlays[match[1]] != "" && r.uses(t):
			found = append(found, t)
		default:
			found = append(found, r.suspectImports(ctx, match[1], text)...)
		}
	}
	if len(packages) == 0 || strings.Contains(text, "relocation target") {
		// Not of the compiler: the packages could not be loaded, or not linked.
		for p := range overlays {
			if strings.Contains(text, "slim/"+path.Base(p)+"/") || regexp.MustCompile(`(^|[^\w/])`+regexp.QuoteMeta(p)+`([^\w/]|$)`).MatchString(text) {
				found = append(found, replacing(p))
			}
		}
	}
	found = slices.DeleteFunc(found, func(t trick) bool { return !r.uses(t) })
	slices.Sort(found)
	return slices.Compact(found)
}

// suspectFiles lists the tricks in those files of a package that an error names, or in all that are changed there.
func suspectFiles(importPath, text string) []trick {
	all := map[trick]string{}
	if importPath == "runtime" {
		all[findTrick] = findFile
	}
	for file := range hollowed {
		if path.Dir(path.Join("runtime", file)) == importPath {
			all[hollowing(file)] = path.Base(file)
		}
	}
	var named []trick
	for t, file := range all {
		if strings.Contains(text, "/"+file+":") {
			named = append(named, t)
		}
	}
	if len(named) == 0 {
		return slices.Collect(maps.Keys(all))
	}
	return named
}

// suspectImports lists the replaced packages that a package imports and its errors name. Where they name none
// the fault is in the package itself, if it is one of this module.
func (r *Recipe) suspectImports(ctx context.Context, importPath, text string) []trick {
	out, err := r.goCommand(ctx, "list", "-f", `{{join .Imports "\n"}}`, importPath)
	if err != nil {
		return nil
	}
	var named, all []trick
	for _, p := range strings.Fields(string(out)) {
		if _, ok := overlays[p]; !ok || !r.uses(replacing(p)) {
			continue
		}
		all = append(all, replacing(p))
		if regexp.MustCompile(`\b` + regexp.QuoteMeta(path.Base(p)) + `\.|"` + regexp.QuoteMeta(p) + `"`).MatchString(text) {
			named = append(named, replacing(p))
		}
	}
	if len(named) == 0 && importPath != "plurachat" && !strings.HasPrefix(importPath, "plurachat/") {
		return all
	}
	return named
}
