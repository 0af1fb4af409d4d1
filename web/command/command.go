// Package command implements the command line of the native program. "go run . help" lists the commands. Each command
// reads its flags and calls the package that does the work. Only the checks of "go run . test" are implemented here.
//
// The package is separate from package web, which is also compiled for the browser. Only the two files with Main in
// package web depend on the platform.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const usage = `usage: go run . [command] [flags]

commands
  preview   build the widget and show it on a page (default)
  build     make web/dist and print its sizes
  check     compare a flow (-flow) and a site (-site) with the documentation, step by step
  size      tell what each package costs in the WebAssembly
  bench     measure the widget in Chromium, each figure beside its goal; -peers and -soak 10m do more
  mutate    list the changes of the pure code that no test detects
  release   set the version and make the files of a release: release 1.2.3
  test      format, vet, staticcheck, unit tests, WebAssembly tests and browser tests
  help      print this

"go run . command -h" lists a command's flags.
`

// stopped is the exit status after an interrupt, which is that of shells.
const stopped = 128 + int(syscall.SIGINT)

// Main runs the command line of the native program. It returns when the command has succeeded. It exits with status 1
// if the command fails, 2 if the command or its flags are wrong, and 130 after an interrupt.
func Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- run(ctx, os.Args[1:], os.Stdout) }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		select { // give the command time to clean up
		case <-done:
		case <-time.After(stopPatience):
		}
	}
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "plurachat: stopped")
		os.Exit(stopped)
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "plurachat:", err)
		os.Exit(1)
	}
}

// stopPatience is how long Main waits for a command to end after an interrupt. It is more than the 2 s that the go
// command gets to end, and the 1 s that the preview's requests get.
const stopPatience = 5 * time.Second

// errUsage is returned for a wrong command line. What is wrong has already been printed.
var errUsage = errors.New("usage")

func run(ctx context.Context, args []string, out io.Writer) error {
	command := "preview"
	if len(args) > 0 {
		switch first := args[0]; {
		case first == "-h", first == "-help", first == "--help", first == "help":
			_, err := io.WriteString(out, usage)
			return err
		case !strings.HasPrefix(first, "-"):
			command, args = first, args[1:]
		}
	}
	flags := flag.NewFlagSet("plurachat "+command, flag.ContinueOnError)
	switch command {
	case "preview":
		return runPreview(ctx, flags, args, out)
	case "build":
		return runBuild(ctx, flags, args, out)
	case "check":
		return runCheck(ctx, flags, args, out)
	case "size":
		return runSize(ctx, flags, args, out)
	case "bench":
		return runBench(ctx, args)
	case "mutate":
		return runMutate(ctx, args)
	case "release":
		return runRelease(ctx, flags, args, out)
	case "test":
		return runTest(ctx, flags, args, out)
	}
	fmt.Fprintf(os.Stderr, "plurachat: there is no command %q\n\n%s", command, usage)
	return errUsage
}

// parse parses a command's flags. It returns errUsage if there are other arguments.
func parse(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "%s: unexpected %q\n", flags.Name(), flags.Arg(0))
		return errUsage
	}
	return nil
}
