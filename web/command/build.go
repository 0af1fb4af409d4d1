package command

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"plurachat/protocol"
	"plurachat/web/build"
	"plurachat/web/preview"
)

// runBuild executes the command build: it makes the files of web/dist, beside those of earlier builds, and prints the
// sizes. With -demo it makes a folder with the files and a page.
func runBuild(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	dir := flags.String("o", "", "`folder` to write to (default web/dist)")
	plain := flags.Bool("plain", false, "compile as a bare go build does, to compare with")
	strict := flags.Bool("strict", false, "fail where what keeps the download small does not fit this Go, instead of going on without it")
	keep := flags.Int("keep", build.DefaultKeep, "keep the files of this `number` of builds, for pages that were opened before a deploy")
	quick := flags.Bool("quick", false, "compress quickly instead of well, to try the files out")
	var demo demoFlags
	demo.register(flags)
	if err := parse(flags, args); err != nil {
		return err
	}
	if *keep < 1 {
		return fmt.Errorf("-keep %d: the newest build is one", *keep)
	}
	page, err := demo.page()
	if err != nil {
		return err
	}
	root, err := build.FindRoot(ctx)
	if err != nil {
		return err
	}
	*dir = cmp.Or(demo.dir, *dir, filepath.Join(root, "web", "dist"))
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
	if demo.dir != "" {
		if err := page.Write(root, *dir); err != nil {
			return err
		}
	}
	sizes, err := d.Sizes(c)
	if err != nil {
		return err
	}
	return build.WriteTable(out, sizes)
}

// demoFlags are the flags of a demo for a static host.
type demoFlags struct{ dir, flow, socket, session string }

func (f *demoFlags) register(flags *flag.FlagSet) {
	flags.StringVar(&f.dir, "demo", "", "write to this `folder`, with a page that shows the widget on any static host")
	flags.StringVar(&f.flow, "flow", "", "`id` of the flow on the page of -demo")
	flags.StringVar(&f.socket, "socket-url", "", "`address` of the socket on the page of -demo (default Plura AI)")
	flags.StringVar(&f.session, "session-url", "", "`address` for session initialisation on the page of -demo (default that of -socket-url)")
}

// page returns the page that the flags ask for.
func (f *demoFlags) page() (preview.Demo, error) {
	d := preview.Demo{Flow: f.flow, SocketURL: f.socket, SessionURL: f.session}
	if f.dir == "" {
		if d != (preview.Demo{}) {
			return d, errors.New("-flow, -socket-url and -session-url want -demo")
		}
		return d, nil
	}
	if f.socket != "" {
		d.Flow = cmp.Or(f.flow, demoFlow)
		d.SessionURL = cmp.Or(f.session, "http"+strings.TrimPrefix(f.socket, "ws")+"/webchat/session")
	}
	if _, err := protocol.ParseFlow(d.Flow); err != nil {
		return d, fmt.Errorf("-demo wants -flow, or the address of a demo: -socket-url wss://preview.example.com: %w", err)
	}
	for address, scheme := range map[string]string{d.SocketURL: "wss", d.SessionURL: "https"} {
		if address == "" {
			continue
		}
		if err := protocol.CheckURL(address, scheme, ""); err != nil {
			return d, fmt.Errorf("-socket-url or -session-url %q: %w", address, err)
		}
	}
	return d, nil
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
