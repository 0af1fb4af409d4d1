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
	runs := flags.Int("runs", 5, "how often each figure is measured; the median counts")
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
	s := newSite(dist, compressor)
	defer s.Close()
	defer s.flow.Close()
	b := &bench{browser: chromium, site: s, sizes: sizes, compressor: compressor, runs: max(1, *runs), log: out}
	if *soak > 0 {
		return b.soak(ctx, *soak, out)
	}
	if *peers {
		return b.comparePeers(ctx, chosen, out)
	}
	experiments := []experiment{beforeInteraction, downloads, openCold, greetings, greetingOnPhone, start, memory, bursts,
		restore(1000, [3]float64{-1, 100, 50}), restore(200, [3]float64{50, -1, -1}), oneMore, stream, lighthouse(ctx, root)}
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
	return write(out, results)
}
