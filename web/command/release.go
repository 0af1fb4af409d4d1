package command

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"plurachat/web/build"
	"plurachat/web/release"
)

// runRelease executes the command release: it sets the version and makes the files of a release. The version stands
// before the flags.
func runRelease(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	dir := flags.String("o", "", "`folder` to write to (default web/release/out)")
	skip := flags.Bool("skip-checks", false, "do not run the checks of the command test")
	rebuild := flags.Bool("rebuild", false,
		"make the files of the version that the sources have, to compare them with published ones")
	version := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		version, args = args[0], args[1:]
	}
	if err := parse(flags, args); err != nil {
		return err
	}
	if version == "" {
		fmt.Fprintf(flags.Output(), "%[1]s: which version? Write for example %[1]s 1.2.3\n", flags.Name())
		return errUsage
	}
	root, err := build.FindRoot(ctx)
	if err != nil {
		return err
	}
	o := release.Options{Root: root, Version: version, Rebuild: *rebuild, Out: *dir, Log: out}
	if !*skip {
		o.Check = func(ctx context.Context) error {
			return runTest(ctx, flag.NewFlagSet("test", flag.ContinueOnError), nil, out)
		}
	}
	fmt.Fprintln(out, "releasing", version)
	if err := o.Make(ctx); err != nil {
		return err
	}
	if !*rebuild {
		fmt.Fprintf(out, "\n  to publish it, commit the two changed sources and tag the commit:\n"+
			"  git commit -am \"Release %[1]s\" && git tag -a v%[1]s -m \"plura-chat %[1]s\"\n", version)
	}
	return nil
}
