package main

import (
	"context"
	"fmt"
	"net/http"
	"text/template"

	"plurachat/web/build"
)

// The references are what the widget is compared with: a page without it, a page in plain JavaScript that does the same
// with the same server, and an empty Go program that is made by the same recipe.

// programs are the files of the empty Go program.
type programs struct {
	wasm []byte // compressed by brotli
	glue string
}

// compileEmpty compiles the empty program.
func compileEmpty(ctx context.Context, r *build.Recipe, c *build.Compressor) (programs, error) {
	wasm, glue, err := r.CompileProgram(ctx, "./web/build/testdata/empty")
	if err != nil {
		return programs{}, fmt.Errorf("compiling the empty program: %w", err)
	}
	compressed, _, err := c.Compress(wasm)
	return programs{compressed, glue}, err
}

// addReferences serves the pages of the references.
func (s *site) addReferences(p programs) {
	s.mux.HandleFunc("GET /plain", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = template.Must(template.ParseFS(files, "plain.html")).Execute(w, map[string]string{
			"Socket": s.socket() + "/webchat/flow/" + flow + "/session/null/r/true"})
	})
	s.file("/empty", "empty.html")
	s.file("/button.js", "button.js")
	s.page("/button", `<script async src="/button.js"></script>`)
	s.mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write([]byte(p.glue)) // an error means that the browser has gone
	})
	s.mux.HandleFunc("GET /empty.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		w.Header().Set("Content-Encoding", "br")
		_, _ = w.Write(p.wasm)
	})
}

const (
	plainLauncher = `document.getElementById("launcher")`
	plainLog      = `document.getElementById("log")`
)

// startTimes has the measurements of a program's start, from the click on: times in ms, and the memory in bytes that the
// page holds afterwards.
type startTimes struct {
	ran, work, longest, blocking, memory float64
}

// startEmpty measures the start of the empty Go program.
func (b *bench) startEmpty(s speed) (startTimes, error) {
	return b.startOf("/empty", plainLauncher, `document.bench.ran`, s)
}

// startOf measures a program that a click on an element starts, and that runs when the condition is true.
func (b *bench) startOf(path, element, condition string, s speed) (e startTimes, err error) {
	t, err := b.newTab(s)
	if err != nil {
		return e, err
	}
	defer t.close()
	if err := t.measureBusy(); err != nil {
		return e, err
	}
	if err := b.arriveAt(t, path, element); err != nil {
		return e, err
	}
	from, err := t.busy()
	if err != nil {
		return e, err
	}
	if _, err := value[bool](t, `(document.bench.watchStalls(), true)`); err != nil {
		return e, err
	}
	if e.ran, err = t.clickUntil(element, condition); err != nil {
		return e, err
	}
	t.idle(quiet)
	to, err := t.busy()
	if err != nil {
		return e, err
	}
	e.work = (to - from).Seconds() * 1000
	figures, err := value[[2]float64](t, `[document.bench.blocking(document.bench.marks.click), document.bench.longestStall]`)
	if err != nil {
		return e, err
	}
	e.blocking, e.longest = figures[0], figures[1]
	e.memory, err = t.memory()
	return e, err
}

// measureEmptyStart measures how fast this machine is: goals in milliseconds grow with what an empty Go program takes.
func (b *bench) measureEmptyStart() error {
	var r result
	for range max(3, b.runs) {
		e, err := b.startEmpty(speed{})
		if err != nil {
			return fmt.Errorf("starting the empty program: %w", err)
		}
		r.add(measured{value: e.ran})
	}
	b.emptyStart = median(r.values)
	return nil
}
