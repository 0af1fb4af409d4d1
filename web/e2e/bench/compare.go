package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"plurachat/web/build"
)

// compressed serves the files of a folder, compressed by brotli, as a good host does.
type compressed struct {
	dir        string
	compressor *build.Compressor
}

func (c *compressed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, err := os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(filepath.Clean("/"+r.URL.Path))))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	br, _, err := c.compressor.Compress(data)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	types := map[string]string{".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
	w.Header().Set("Content-Type", types[filepath.Ext(r.URL.Path)])
	w.Header().Set("Content-Encoding", "br")
	_, _ = w.Write(br) // an error means that the browser has gone
}

// row has the measurements of one widget.
type row struct {
	name                                                         string
	every, opened, visible, blocking, typable, heap, thousandMsg reading
}

// reading is one cell of a row. The zero value is not measured.
type reading struct {
	value    float64
	measured bool
	more     bool // the widget had not finished when the bench stopped waiting, at value
}

func readingOf(v float64) reading { return reading{value: v, measured: true} }

// awaited returns a reading of a time in ms, for which a page was awaited until limit. Below 0 the page did not finish.
func awaited(took float64, limit time.Duration) reading {
	if took < 0 {
		return reading{value: float64(limit.Milliseconds()), measured: true, more: true}
	}
	return readingOf(took)
}

// within returns an expression for a promise's result, or -1 if it takes longer than limit.
func within(limit time.Duration, promise string) string {
	return fmt.Sprintf(`Promise.race([%s, new Promise(resolve => setTimeout(resolve, %d, -1))])`,
		promise, limit.Milliseconds())
}

// How long the bench waits for a widget: for its launcher and its composer, and for a thousand messages.
const (
	mostVisible  = time.Minute
	mostThousand = 5 * time.Minute
)

// comparePeers measures the widget and its peers on the same page, and prints the results as a table in Markdown.
func (b *bench) comparePeers(ctx context.Context, chosen *regexp.Regexp, out io.Writer) error {
	b.site.mux.HandleFunc("/n8n-webhook", pastSession)
	all := append([]peer{ours(b)}, peers...)
	var rows []row
	for i := range all {
		p := &all[i]
		if !chosen.MatchString(p.name) {
			continue
		}
		r, err := b.comparePeer(ctx, p)
		if err != nil {
			fmt.Fprintf(os.Stderr, "bench: %s: %v\n", p.name, err)
			continue // go on with the others
		}
		rows = append(rows, r)
	}
	t, err := b.newTab(speed{})
	if err != nil {
		return err
	}
	defer t.close()
	version, err := chromedp.Call(t.Context, browser.GetVersion, cdp.Empty{})
	if err != nil {
		return fmt.Errorf("asking for the browser's version: %w", err)
	}
	fmt.Fprintf(out, "\nMeasured on %s in %s at 1.6 Mbit/s, 150 ms and a processor slowed down four times, "+
		"with an empty cache; medians of %d.\n\n",
		time.Now().Format("2 January 2006"), strings.Replace(version.Product, "/", " ", 1), b.runs)
	fmt.Fprintln(out, "| npm release | brotli KB on every visit | and once opened | launcher visible ms | blocking ms "+
		"| click → input ms | heap MB open | 1,000 messages ms (1×) |")
	fmt.Fprintln(out, "| --- | --- | --- | --- | --- | --- | --- | --- |")
	for _, r := range rows {
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", r.name, cell(r.every), cell(r.opened),
			cell(r.visible), cell(r.blocking), cell(r.typable), cell(r.heap), cell(r.thousandMsg))
	}
	return nil
}

func cell(r reading) string {
	switch {
	case !r.measured:
		return ""
	case r.more:
		return "more than " + number(r.value)
	}
	return number(r.value)
}

// ours returns the widget itself as a peer.
func ours(b *bench) peer {
	return peer{
		name: "plura-chat", version: build.Version, embed: b.site.tag(""),
		launcher: launcher, input: composer, rows: rows, say: `PluraChat.send("burst 1000")`,
		since: `document.bench.frames.at(-1000)`,
	}
}

func (b *bench) comparePeer(ctx context.Context, p *peer) (row, error) {
	page := "/chat"
	if p.name != "plura-chat" {
		dir, remove, err := workshop()
		if err != nil {
			return row{}, err
		}
		defer remove()
		files, err := p.fetch(ctx, dir)
		if err != nil {
			return row{}, err
		}
		page = b.host(p, files)
		// The first visit fills the compressor's cache with the page's files.
		if _, err := b.comparePage(p, page, speed{}); err != nil {
			return row{}, err
		}
	}
	samples := make([]row, b.runs)
	for i := range samples {
		fmt.Fprintf(b.log, "  %s, %d of %d\n", p.name, i+1, b.runs)
		var err error
		if samples[i], err = b.comparePage(p, page, phone); err != nil {
			return row{}, err
		}
	}
	r := row{name: p.name + " " + p.version}
	for _, of := range []func(*row) *reading{
		func(r *row) *reading { return &r.every },
		func(r *row) *reading { return &r.opened },
		func(r *row) *reading { return &r.visible },
		func(r *row) *reading { return &r.blocking },
		func(r *row) *reading { return &r.typable },
		func(r *row) *reading { return &r.heap },
	} {
		var readings []reading
		for i := range samples {
			readings = append(readings, *of(&samples[i]))
		}
		*of(&r) = middle(readings)
	}
	if p.rows != "" {
		took, err := b.thousand(p, page)
		if err != nil {
			return row{}, fmt.Errorf("a thousand messages: %w", err)
		}
		r.thousandMsg = awaited(took, mostThousand)
	}
	return r, nil
}

// middle returns the median of readings.
func middle(readings []reading) reading {
	slices.SortFunc(readings, func(a, b reading) int { return cmp.Compare(a.value, b.value) })
	return readings[len(readings)/2]
}

// comparePage visits a page, waits for the launcher, opens the chat, and measures both.
func (b *bench) comparePage(p *peer, page string, s speed) (r row, err error) {
	empty, err := b.bareMemory(0)
	if err != nil {
		return r, err
	}
	t, err := b.newTab(s)
	if err != nil {
		return r, err
	}
	defer t.close()
	b.site.forget()
	first := p.launcher
	if first == "" {
		first = p.input
	}
	if err := t.watch(first); err != nil {
		return r, err
	}
	if err := t.Open(b.site.URL + page); err != nil {
		return r, err
	}
	took, err := value[float64](t, within(mostVisible, `document.bench.seen`))
	if err != nil {
		return r, err
	}
	r.visible = awaited(took, mostVisible)
	t.idle(quiet)
	blocking, err := value[float64](t, `document.bench.blocking()`)
	if err != nil {
		return r, err
	}
	r.blocking = readingOf(blocking)
	_, bytes := b.site.chat()
	r.every = readingOf(float64(bytes) / 1000)
	if p.launcher != "" && !r.visible.more {
		if err := t.clickAwaiting(p.launcher, `document.bench.visible(`+p.input+`)`); err != nil {
			return r, err
		}
		if took, err = value[float64](t, within(mostVisible, sinceClick)); err != nil {
			return r, err
		}
		r.typable = awaited(took, mostVisible)
	}
	// Wait until all that an open chat needs has been fetched.
	t.idle(8 * quiet)
	_, bytes = b.site.chat()
	r.opened = readingOf(float64(bytes) / 1000)
	full, err := t.memory()
	r.heap = readingOf((full - empty) / 1e6)
	return r, err
}

// thousand returns how long it takes to show a thousand messages, in ms, on this machine without a slowdown. It returns
// -1 if it takes longer than mostThousand.
func (b *bench) thousand(p *peer, page string) (float64, error) {
	t, err := b.newTab(speed{})
	if err != nil {
		return 0, err
	}
	defer t.close()
	if p.before != "" {
		if err := t.Open(b.site.URL + "/bare"); err != nil {
			return 0, err
		}
		if _, err := value[bool](t, `(() => { `+p.before+`; return true; })()`); err != nil {
			return 0, err
		}
	}
	if err := t.Open(b.site.URL + page); err != nil {
		return 0, err
	}
	if p.launcher != "" {
		if err := t.until(`document.bench.visible(` + p.launcher + `)`); err != nil {
			return 0, err
		}
		t.idle(quiet) // some launchers appear before they work
	}
	began := `(document.bench.from = performance.now())`
	if _, err := value[any](t, `(() => {
		document.bench.done = 0;
		document.bench.painted(() => `+p.rows+` >= 1000).then(time => { document.bench.done = time; });
	})()`); err != nil {
		return 0, err
	}
	if p.launcher != "" {
		if err := t.click(p.launcher); err != nil {
			return 0, err
		}
	}
	if err := t.until(`document.bench.visible(` + p.input + `)`); err != nil {
		return 0, err
	}
	if p.say != "" {
		t.idle(2 * quiet)
		// In a task of its own, because it may take longer than a command may.
		if _, err := value[any](t, `(() => { setTimeout(() => { `+began+`; `+p.say+`; }); })()`); err != nil {
			return 0, err
		}
	}
	if err := t.untilWithin(mostThousand, `document.bench.done`); errors.Is(err, errPatience) {
		return -1, nil
	} else if err != nil {
		return 0, err
	}
	since := p.since
	if since == "" {
		since = "document.bench.from"
	}
	return value[float64](t, `document.bench.done - (`+since+`)`)
}
