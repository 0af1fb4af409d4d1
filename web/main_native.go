//go:build !js

package web

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const usage = `usage: go run . [command] [flags]

commands
  preview   build the widget and show it on a page (default)
  build     make web/dist
  size      tell what each package costs in the WebAssembly

"go run . command -h" lists a command's flags.
`

// Main runs the program's command line, on a desk. It returns when the command is done or the process is
// interrupted, and exits with status 1 when the command fails, 2 when it was misspelt.
func Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout); {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "plurachat:", err)
		os.Exit(1)
	}
}

// errUsage is a command line that says nothing; what is wrong with it has been printed.
var errUsage = errors.New("usage")

func run(ctx context.Context, args []string, out io.Writer) error {
	command := "preview"
	if len(args) > 0 && (len(args[0]) == 0 || args[0][0] != '-') {
		command, args = args[0], args[1:]
	}
	flags := flag.NewFlagSet("plurachat "+command, flag.ContinueOnError)
	switch command {
	case "preview":
		return runPreview(ctx, flags, args, out)
	case "build":
		return runBuild(ctx, flags, args, out)
	case "size":
		return runSize(ctx, flags, args, out)
	}
	fmt.Fprint(os.Stderr, usage)
	return errUsage
}

// parse reads a command's flags, which are all it takes.
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

func runBuild(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	dir := flags.String("o", "", "`folder` to write to (default web/dist)")
	plain := flags.Bool("plain", false, "compile as a bare go build does, to compare with")
	strict := flags.Bool("strict", false, "fail where what keeps the download small does not fit this Go, instead of going on without it")
	quick := flags.Bool("quick", false, "compress quickly instead of well, to try the files out")
	if err := parse(flags, args); err != nil {
		return err
	}
	root, err := FindRoot(ctx)
	if err != nil {
		return err
	}
	if *dir == "" {
		*dir = filepath.Join(root, "web", "dist")
	}
	fmt.Fprintln(out, "building", *dir)
	r := &Recipe{Root: root, Plain: *plain, Strict: *strict, Log: out}
	d, err := r.Build(ctx)
	if err != nil {
		return err
	}
	c := &Compressor{Cache: CacheDir(), Fast: *quick}
	r.logf("compressing")
	if err := d.Write(*dir, c); err != nil {
		return err
	}
	sizes, err := d.Sizes(c)
	if err != nil {
		return err
	}
	return writeTable(out, sizes)
}

func runPreview(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	addr := flags.String("addr", "", "`host:port` to serve at (default localhost:8080, or the next port that is free)")
	flow := flags.String("flow", demoFlow, "`id` of the flow to talk to")
	live := flags.Bool("live", false, "talk to the real service instead of the demo; wants -flow")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *live && *flow == demoFlow {
		return errors.New("-live wants the id of one of your own flows: -flow 87f66d6d-…")
	}
	root, err := FindRoot(ctx)
	if err != nil {
		return err
	}
	listener, err := listen(*addr)
	if err != nil {
		return err
	}
	p := NewPreview(&Recipe{Root: root, Log: out}, &Compressor{Fast: true})
	p.Flow, p.Live, p.Log = *flow, *live, out
	if !*live {
		demo, stop := demoServer()
		defer stop()
		p.Demo = demo
	}
	// A broken build is shown by the page too, and a reload repairs it: no reason to stop.
	_ = p.Refresh(ctx)
	fmt.Fprintf(out, "\n  the preview is at http://%s\n", location(listener, *addr))
	if *live {
		fmt.Fprintf(out, "  the widget talks to Plura AI, flow %s\n", *flow)
	} else {
		fmt.Fprintf(out, "  the widget talks to a demo in this process: say hello, or /help\n")
	}
	fmt.Fprintf(out, "  reload the page to rebuild what you have changed; Ctrl-C stops\n\n")
	return serve(ctx, listener, p.Handler())
}

// serve answers until ctx ends, then lets requests in flight finish. Conversations do not: they last as
// long as somebody chats.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		return server.Close()
	}
	return nil
}

// location is the host and port to type into a browser: the name that was asked for, the port that was got.
func location(l net.Listener, asked string) string {
	host, _, err := net.SplitHostPort(asked)
	if err != nil || host == "" {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return l.Addr().String()
	}
	return net.JoinHostPort(host, port)
}

// The preview's port, and how many after it are tried before giving up.
const (
	firstPort = 8080
	morePorts = 100
)

// listen listens at addr, which fails if it is taken; or, without one, at the first free port from
// localhost:8080 on.
func listen(addr string) (net.Listener, error) {
	if addr != "" {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			return nil, fmt.Errorf("the preview's address: %w", err)
		}
		return l, nil
	}
	var first error
	for port := firstPort; port <= firstPort+morePorts; port++ {
		l, err := net.Listen("tcp", net.JoinHostPort("localhost", strconv.Itoa(port)))
		if err == nil {
			return l, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, fmt.Errorf("the preview's address: %w", first)
}
