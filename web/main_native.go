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
	"strings"
	"syscall"
	"time"

	"plurachat/protocol"
)

const usage = `usage: go run . [command] [flags]

commands
  preview   build the widget and show it on a page (default)
  build     make web/dist and print its sizes
  size      tell what each package costs in the WebAssembly
  bench     measure the widget in Chromium, each figure beside its goal; -peers and -soak 10m do more
  mutate    tell which changes of the pure code no test notices
  test      format, vet, unit tests, WebAssembly tests and browser tests
  help      print this

"go run . command -h" lists a command's flags.
`

// stopped is the exit status of a program that was interrupted, as shells have it.
const stopped = 128 + int(syscall.SIGINT)

// Main runs the program's command line, on a desk. It returns when the command is done, and exits with status 1 when
// the command fails, 2 when it was misspelt, and 130 when it was interrupted.
func Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- run(ctx, os.Args[1:], os.Stdout) }()
	var err error
	select {
	case err = <-done:
	case <-ctx.Done():
		select { // it tidies up, unless it is busy with something that does not stop
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

// stopPatience is how long a command may take to end when it is interrupted: the go command has 2 s, and
// conversations 1.
const stopPatience = 5 * time.Second

// errUsage is a command line that says nothing; what is wrong with it has been printed.
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
	case "size":
		return runSize(ctx, flags, args, out)
	case "bench":
		return runBench(ctx, args)
	case "mutate":
		return runMutate(ctx, args)
	case "test":
		return runTest(ctx, flags, args, out)
	}
	fmt.Fprintf(os.Stderr, "plurachat: there is no command %q\n\n%s", command, usage)
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
	addr := flags.String("addr", "", "`host:port`, or a port alone, to serve at (default localhost:8080, or the next port that is free)")
	flow := flags.String("flow", demoFlow, "`id` of the flow to talk to")
	live := flags.Bool("live", false, "talk to the real service instead of the demo; wants -flow")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *live && *flow == demoFlow {
		return errors.New("-live wants the id of one of your own flows: -flow 87f66d6d-…")
	}
	if _, err := protocol.ParseFlow(*flow); err != nil {
		return fmt.Errorf("-flow %q: %w: it looks like %s", *flow, err, demoFlow)
	}
	root, err := FindRoot(ctx)
	if err != nil {
		return err
	}
	listener, err := listen(address(*addr))
	if err != nil {
		return err
	}
	p := NewPreview(&Recipe{Root: root, Log: out}, &Compressor{Fast: true})
	p.Flow, p.Live, p.Log, p.ctx = *flow, *live, out, ctx
	defer p.wait() // it is stopped, and leaves nothing behind
	if !*live {
		demo, stop := demoServer()
		defer stop()
		p.Demo = demo
	}
	// A broken build is shown by the page too, and a reload repairs it: no reason to stop.
	_ = p.Refresh(ctx)
	if ctx.Err() != nil {
		return listener.Close()
	}
	fmt.Fprintf(out, "\n  the preview is at http://%s\n", location(listener, address(*addr)))
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

// address completes what -addr says: a port alone is one of this machine.
func address(s string) string {
	if _, err := strconv.ParseUint(s, 10, 16); err == nil {
		return net.JoinHostPort("localhost", s)
	}
	return s
}

// location is the host and port to type into a browser: the name that was asked for, the port that was got.
func location(l net.Listener, asked string) string {
	host, _, err := net.SplitHostPort(asked)
	// An address that stands for all of this machine's is none to open.
	if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
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
