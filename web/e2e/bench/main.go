package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"

	"plurachat/web/build"
	"plurachat/web/e2e/browser"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	runs := flags.Int("runs", 5,
		"how often each figure is measured; three times as often if the middle half of its values is not within 15 %")
	only := flags.String("only", "", "measure what matches this `expression`, of the names that are printed meanwhile")
	peers := flags.Bool("peers", false, "measure other chat widgets too, and print a table in Markdown; needs npm")
	soak := flags.Duration("soak", 0, "talk for so long, print what the tabs hold meanwhile, and fail if it grows")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, err := regexp.Compile(*only)
	if err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	root, err := build.FindRoot(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "building")
	dist, err := (&build.Recipe{Root: root, Strict: true}).Build(ctx)
	if err != nil {
		return err
	}
	compressor := &build.Compressor{Cache: build.CacheDir()}
	sizes, err := dist.Sizes(compressor)
	if err != nil {
		return err
	}
	chromium, err := browser.StartChromium()
	if err != nil {
		return err
	}
	defer chromium.Close()
	empty, err := compileEmpty(ctx, &build.Recipe{Root: root, Strict: true}, compressor)
	if err != nil {
		return err
	}
	s := newSite(dist, compressor)
	s.addReferences(empty)
	defer s.Close()
	defer s.flow.Close()
	b := &bench{browser: chromium, site: s, sizes: sizes, compressor: compressor, runs: max(1, *runs), log: out}
	if *soak > 0 {
		return b.soak(ctx, *soak, out)
	}
	if *peers {
		return b.comparePeers(ctx, chosen, out)
	}
	return b.measureChosen(chosen, append(experiments(), lighthouse(ctx, root)), out)
}

// experiments returns all experiments that need nothing but the browser.
func experiments() []experiment {
	list := []experiment{beforeInteraction, downloads, openCold}
	for _, cpu := range speeds {
		list = append(list, untouched(cpu), firstGreeting(cpu), goStart(cpu))
	}
	return append(list, greetings, greetingOnPhone, memory, bursts, restore(1000), restore(200), oneMore, stream)
}

// measureChosen measures the experiments whose names match, and prints the results.
func (b *bench) measureChosen(chosen *regexp.Regexp, experiments []experiment, out io.Writer) error {
	if err := b.measureEmptyStart(); err != nil {
		return err
	}
	fmt.Fprintf(out, "an empty Go program starts within %s ms\n", number(b.emptyStart))
	var results []result
	for i := range experiments {
		if !chosen.MatchString(experiments[i].name) {
			continue
		}
		more, err := b.measure(&experiments[i])
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			continue // go on with the other figures
		}
		results = append(results, more...)
	}
	fmt.Fprintln(out)
	return write(out, results, b.emptyStart)
}
