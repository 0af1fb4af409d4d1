package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"

	"plurachat/web/build"
)

// runBuild executes the command build: it makes the files of web/dist, beside those of earlier builds, and prints the
// sizes.
func runBuild(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	dir := flags.String("o", "", "`folder` to write to (default web/dist)")
	plain := flags.Bool("plain", false, "compile as a bare go build does, to compare with")
	strict := flags.Bool("strict", false, "fail where what keeps the download small does not fit this Go, instead of going on without it")
	keep := flags.Int("keep", build.DefaultKeep, "keep the files of this `number` of builds, for pages that were opened before a deploy")
	quick := flags.Bool("quick", false, "compress quickly instead of well, to try the files out")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *keep < 1 {
		return fmt.Errorf("-keep %d: the newest build is one", *keep)
	}
	root, err := build.FindRoot(ctx)
	if err != nil {
		return err
	}
	if *dir == "" {
		*dir = filepath.Join(root, "web", "dist")
	}
	fmt.Fprintln(out, "building", *dir)
	r := &build.Recipe{Root: root, Plain: *plain, Strict: *strict, Log: out}
	d, err := r.Build(ctx)
	if err != nil {
		return err
	}
	c := &build.Compressor{Cache: build.CacheDir(), Fast: *quick}
	fmt.Fprintln(out, "  compressing")
	if err := (&build.Folder{Dir: *dir, Keep: *keep}).Write(d, c); err != nil {
		return err
	}
	sizes, err := d.Sizes(c)
	if err != nil {
		return err
	}
	return build.WriteTable(out, sizes)
}

// runSize executes the command size: it prints how many bytes each Go package has in the WebAssembly.
func runSize(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	functions := flags.Int("functions", 0, "also list the `n` largest functions")
	of := flags.String("package", "", "list the functions of this `import path` only")
	plain := flags.Bool("plain", false, "of a bare go build, to compare with")
	tricks := flags.Bool("tricks", false, "measure instead what each trick of the recipe saves, for web/build/costs.go")
	if err := parse(flags, args); err != nil {
		return err
	}
	root, err := build.FindRoot(ctx)
	if err != nil {
		return err
	}
	if *tricks {
		return build.WriteCosts(ctx, root, out)
	}
	report, err := (&build.Recipe{Root: root, Plain: *plain}).SizeReport(ctx)
	if err != nil {
		return err
	}
	return report.Write(out, *functions, *of)
}
