package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"plurachat/protocol"
	"plurachat/web/build"
	"plurachat/web/gallery"
	"plurachat/web/preview"
)

// runPreview executes the command preview: it serves the preview and the gallery until ctx ends.
func runPreview(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	addr := flags.String("addr", "",
		"`host:port`, or a port alone, to serve at (default localhost:8080, or the next port that is free)")
	flow := flags.String("flow", demoFlow, "`id` of the flow to talk to")
	live := flags.Bool("live", false, "talk to the real service instead of the demo; needs -flow")
	if err := parse(flags, args); err != nil {
		return err
	}
	if *live && *flow == demoFlow {
		return errors.New("-live needs the id of one of your own flows: -flow 87f66d6d-…")
	}
	if _, err := protocol.ParseFlow(*flow); err != nil {
		return fmt.Errorf("-flow %q: %w: it looks like %s", *flow, err, demoFlow)
	}
	root, err := build.FindRoot(ctx)
	if err != nil {
		return err
	}
	listener, err := listen(address(*addr))
	if err != nil {
		return err
	}
	p := preview.New(&build.Recipe{Root: root, Log: out}, &build.Compressor{Fast: true})
	p.Flow, p.Live, p.Log, p.Context = *flow, *live, out, ctx
	defer p.Wait() // a build removes its temporary files before it ends
	if !*live {
		demo, stop := demoServer()
		defer stop()
		p.Demo = demo
	}
	// The page shows the error of a build, and a reload builds again. Therefore the preview starts also after an error.
	_ = p.Refresh(ctx)
	if ctx.Err() != nil {
		return listener.Close()
	}
	fmt.Fprintln(out)
	for _, at := range locations(listener, address(*addr)) {
		fmt.Fprintf(out, "  the preview is at http://%s\n", at)
	}
	if *live {
		fmt.Fprintf(out, "  the widget talks to Plura AI, flow %s\n", *flow)
	} else {
		fmt.Fprintf(out, "  the widget talks to a demo in this process: say hello, or /help\n")
	}
	fmt.Fprintf(out, "  reload the page to rebuild what you have changed; Ctrl-C stops\n\n")
	states := gallery.New(root, p)
	defer states.Close()
	mux := http.NewServeMux()
	mux.Handle("/", p.Handler())
	mux.Handle("/gallery/", states)
	return serve(ctx, listener, mux)
}

// serve serves until ctx ends. Then it waits up to 1 s for requests in progress. It does not wait for the connections
// of the demo, which end when its server is stopped.
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

// address returns the address that the flag -addr names: a port alone is a port of localhost.
func address(s string) string {
	if _, err := strconv.Atoi(s); err == nil { // Listen says if there is no such port
		return net.JoinHostPort("localhost", s)
	}
	return s
}

// locations returns what to open in a browser. A listener at all addresses of this machine has several.
func locations(l net.Listener, asked string) []string {
	all := []string{location(l, asked)}
	host, _, err := net.SplitHostPort(asked)
	ip := net.ParseIP(host)
	if err != nil || host != "" && (ip == nil || !ip.IsUnspecified()) {
		return all
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return all // the first one is enough to begin with
	}
	_, port, err := net.SplitHostPort(all[0])
	for _, a := range addresses {
		of, ok := a.(*net.IPNet)
		// A listener at 0.0.0.0 has no addresses of IPv6.
		if err == nil && ok && of.IP.IsGlobalUnicast() && (of.IP.To4() != nil || ip.To4() == nil) {
			all = append(all, net.JoinHostPort(of.IP.String(), port))
		}
	}
	return all
}

// location returns the host and port to open in a browser: the host of the address asked, and the port of the listener.
func location(l net.Listener, asked string) string {
	host, _, err := net.SplitHostPort(asked)
	// The address 0.0.0.0 or [::] means all addresses of this machine. A browser cannot open it.
	if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return l.Addr().String()
	}
	return net.JoinHostPort(host, port)
}

// The port of the preview, and the number of ports after it that listen tries if it is taken.
const (
	firstPort = 8080
	morePorts = 100
)

// listen listens at addr, and fails if addr is taken. If addr is empty, listen uses the first free port from
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
