package command

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"plurachat/protocol"
	"plurachat/web/build"
	"plurachat/web/preview"
)

// runBuild executes the command build: it makes the files of web/dist, which is also the npm package, beside those of
// earlier builds, and prints the sizes. With -o it makes only the files for a host. With -demo it makes a folder with
// them and a page.
func runBuild(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	dir := flags.String("o", "", "`folder` to write to, without the npm package (default web/dist, with it)")
	plain := flags.Bool("plain", false, "compile as a bare go build does, to compare with")
	strict := flags.Bool("strict", false,
		"fail where what keeps the download small does not fit this Go, instead of going on without it")
	keep := flags.Int("keep", build.DefaultKeep,
		"keep the files of this `number` of builds, for pages that were opened before a deploy")
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
	if err == nil && demo.dir != "" {
		err = demo.mayWrite(*dir)
	}
	if err != nil {
		return err
	}
	root, err := build.FindRoot(ctx)
	if err != nil {
		return err
	}
	folder := folderAt(root, cmp.Or(demo.dir, *dir))
	folder.Keep = *keep
	fmt.Fprintln(out, "building", folder.Dir)
	r := &build.Recipe{Root: root, Plain: *plain, Strict: *strict, Log: out}
	d, err := r.Build(ctx)
	if err != nil {
		return err
	}
	c := &build.Compressor{Cache: build.CacheDir(), Fast: *quick}
	fmt.Fprintln(out, "  compressing")
	if err := folder.Write(d, c); err != nil {
		return err
	}
	if demo.dir != "" {
		if err := page.Write(root, folder.Dir); err != nil {
			return err
		}
	}
	sizes, err := d.Sizes(c)
	if err != nil {
		return err
	}
	return build.WriteTable(out, sizes)
}

// folderAt returns the folder to write to: that of the flags, or web/dist. Only web/dist has the npm package, because a
// folder of the flags may have an owner's own package.json.
func folderAt(root, flag string) build.Folder {
	if flag != "" {
		return build.Folder{Dir: flag}
	}
	return build.Folder{Dir: filepath.Join(root, "web", "dist"), Package: true}
}

// demoFlags are the flags of a demo for a static host.
type demoFlags struct{ dir, flow, socket, session string }

func (f *demoFlags) register(flags *flag.FlagSet) {
	flags.StringVar(&f.dir, "demo", "", "write to this `folder`, with a page that shows the widget on any static host")
	flags.StringVar(&f.flow, "flow", "", "`id` of the flow on the page of -demo")
	flags.StringVar(&f.socket, "socket-url", "", "`address` of the socket on the page of -demo (default Plura AI)")
	flags.StringVar(&f.session, "session-url", "",
		"`address` for session initialisation on the page of -demo (default that of -socket-url)")
}

// page returns the page that the flags ask for.
func (f *demoFlags) page() (preview.Demo, error) {
	d := preview.Demo{Flow: f.flow, SocketURL: f.socket, SessionURL: f.session}
	if f.dir == "" {
		if d != (preview.Demo{}) {
			return d, errors.New("-flow, -socket-url and -session-url need -demo")
		}
		return d, nil
	}
	if f.socket != "" {
		d.Flow = cmp.Or(f.flow, demoFlow)
		d.SessionURL = cmp.Or(f.session, "http"+strings.TrimPrefix(f.socket, "ws")+"/webchat/session")
	}
	if _, err := protocol.ParseFlow(d.Flow); err != nil {
		return d, fmt.Errorf(
			"-demo needs -flow, or the address of a demo: -socket-url wss://preview.example.com: %w", err)
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

// mayWrite returns an error if the folder of the demo has files that are not of a build, because the page's index.html
// could replace one of them. o is the value of the flag -o, which names another folder.
func (f *demoFlags) mayWrite(o string) error {
	if o != "" {
		return errors.New("-o and -demo both name a folder to write to: use one of them")
	}
	files, err := os.ReadDir(f.dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(files) == 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("-demo: %w", err)
	}
	if !slices.ContainsFunc(files, func(e fs.DirEntry) bool { return e.Name() == build.BuildsName }) {
		return fmt.Errorf(
			"-demo %s: the folder has files that are not of a build: name an empty or a new folder", f.dir)
	}
	return nil
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
