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

// A trick is a change that makes the WebAssembly smaller and depends on the internals of Go, so it may not work with
// another version. Each trick can be turned off alone. The value is its name in the log.
type trick string

// The single tricks. Each replaced package and each hollowed file is a trick too, which replacing and hollowing return.
const (
	experimentTrick trick = "GOEXPERIMENT=" + experiment
	findTrick       trick = "finding functions by their index"
	nameTrick       trick = "the names of functions in a file of their own"
	packTrick       trick = "packing"
)

func replacing(importPath string) trick { return trick("the slim " + importPath) }
func hollowing(file string) trick       { return trick("the hollowed " + path.Join("runtime", file)) }

// allTricks lists every trick.
func allTricks() []trick {
	all := []trick{experimentTrick, findTrick, nameTrick, packTrick}
	for _, p := range slices.Sorted(maps.Keys(overlays)) {
		all = append(all, replacing(p))
	}
	for _, f := range slices.Sorted(maps.Keys(hollowed)) {
		all = append(all, hollowing(f))
	}
	return all
}

// errTrick is the error of a trick that does not work with the installed Go.
var errTrick = errors.New("does not fit this Go")

// goWithout turns a trick off and logs that, with the reason why. If r.Strict is set, it returns an error instead.
func (r *Recipe) goWithout(t trick, why error) error {
	if r.Strict {
		return fmt.Errorf("%s %w: %w", t, errTrick, why)
	}
	if r.off == nil {
		r.off = map[trick]bool{}
	}
	r.off[t] = true
	r.logf("without %s, which %v: the WebAssembly has about %s bytes more (%s)",
		t, errTrick, thousands(costs[t]), reason(why))
	return nil
}

// reason returns the first line of an error that contains a cause. The first lines of the go command's errors have the
// exit status and the package.
func reason(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for _, line := range lines[1:] {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line
		}
	}
	return lines[0]
}

// uses reports whether a trick is turned on.
func (r *Recipe) uses(t trick) bool { return !r.Plain && !r.off[t] }

// tryExperiment turns experimentTrick off if the installed Go does not have the experiment.
func (r *Recipe) tryExperiment(ctx context.Context) error {
	if !r.uses(experimentTrick) {
		return nil
	}
	_, err := r.goCommand(ctx, "env", "GOROOT")
	if err == nil || !strings.Contains(err.Error(), experiment) {
		return err
	}
	return r.goWithout(experimentTrick, err)
}

// link compiles and links the program. If that fails because of a trick, link turns the trick off and tries again.
func (r *Recipe) link(ctx context.Context) ([]byte, error) {
	ours := false // whether the program is known to compile without tricks
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

// checkPlain returns the error of compiling the program without tricks. It does not link.
func (r *Recipe) checkPlain(ctx context.Context) error {
	plain := &Recipe{Root: r.Root, Plain: true}
	_, err := plain.goCommand(ctx, "list", "-export", "-deps", "-f", "{{.ImportPath}}", cmp.Or(r.program, "."))
	return err
}

// narrow returns the one of several suspects without which the program compiles, or all suspects if there is none.
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

// failedPackage matches the line with the import path that the go command writes above a package's errors.
var failedPackage = regexp.MustCompile(`(?m)^# (\S+)`)

// suspects returns the tricks that may have caused an error of go build. If there are none, the error is in the
// program.
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
		// The error is not the compiler's: packages could not be loaded or linked.
		for p := range overlays {
			named := regexp.MustCompile(`(^|[^\w/])` + regexp.QuoteMeta(p) + `([^\w/]|$)`)
			if strings.Contains(text, "slim/"+path.Base(p)+"/") || named.MatchString(text) {
				found = append(found, replacing(p))
			}
		}
	}
	found = slices.DeleteFunc(found, func(t trick) bool { return !r.uses(t) })
	slices.Sort(found)
	return slices.Compact(found)
}

// suspectFiles returns the tricks that change files of a package: those whose files an error names, or all if it names
// none.
func suspectFiles(importPath, text string) []trick {
	all := map[trick]string{}
	if importPath == "runtime" {
		all[findTrick] = findFile
		all[nameTrick] = findFile
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

// suspectImports returns the tricks of the replaced packages that a package imports and the errors name. If the errors
// name none, it returns those of all replaced packages that it imports, or none for a package of this module, because
// then the error is in that package.
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
		used := regexp.MustCompile(`\b` + regexp.QuoteMeta(path.Base(p)) + `\.|"` + regexp.QuoteMeta(p) + `"`)
		if used.MatchString(text) {
			named = append(named, replacing(p))
		}
	}
	if len(named) == 0 && importPath != "plurachat" && !strings.HasPrefix(importPath, "plurachat/") {
		return all
	}
	return named
}
