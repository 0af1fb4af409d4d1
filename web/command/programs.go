package command

import (
	"context"
	"os"

	"plurachat/web/build"
)

// runBench executes the command bench: it runs the benchmark, a program of the e2e module, which parses its own flags.
func runBench(ctx context.Context, args []string) error {
	root, err := build.FindRoot(ctx)
	if err != nil {
		return err
	}
	c := &tester{ctx: ctx, root: root, out: os.Stdout}
	if c.browser, err = c.needBrowser(); err != nil {
		return err
	}
	return c.command("web/e2e", []string{"CHROME=" + c.browser}, "go", append([]string{"run", "./bench"}, args...)...)
}

// runMutate executes the command mutate: it runs the mutation tests, a program of the e2e module, which parses its own
// flags.
func runMutate(ctx context.Context, args []string) error {
	root, err := build.FindRoot(ctx)
	if err != nil {
		return err
	}
	c := &tester{ctx: ctx, root: root, out: os.Stdout}
	return c.command("web/e2e", nil, "go", append([]string{"run", "./mutate"}, args...)...)
}
