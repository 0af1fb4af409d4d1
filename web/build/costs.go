package build

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
)

// WriteCosts measures how much larger the WebAssembly is without each trick, and writes the table costs to out. It
// compiles once for each trick, which takes a quarter of an hour.
func WriteCosts(ctx context.Context, root string, out io.Writer) error {
	size := func(off map[trick]bool) (int, error) {
		r := &Recipe{Root: root, off: off}
		wasm, _, err := r.compile(ctx)
		if err != nil {
			return 0, err
		}
		return quickSize(wasm)
	}
	all, err := size(nil)
	if err != nil {
		return err
	}
	for _, t := range allTricks() {
		without, err := size(map[trick]bool{t: true})
		if err != nil {
			return fmt.Errorf("without %s: %w", t, err)
		}
		fmt.Fprintf(out, "\t%q: %d,\n", t, max(0, (without-all+50)/100*100))
	}
	return nil
}

// quickSize estimates the size of a program when compressed by brotli at its best level, in a twentieth of the time.
func quickSize(wasm []byte) (int, error) {
	var out bytes.Buffer
	w := brotli.NewWriterOptions(&out, brotli.WriterOptions{Quality: 9, LGWin: 24})
	if _, err := w.Write(wasm); err != nil {
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	return out.Len() * bestOfQuick / 100, nil
}

// bestOfQuick is the size at brotli's best level, in percent of the size at the level that quickSize uses.
const bestOfQuick = 86

// costs has the bytes (brotli) by which the WebAssembly is larger without each trick. They were measured for the pinned
// version of Go by "go run . size -tricks". Some tricks depend on others, so the sum is not what all tricks save.
var costs = map[trick]int{
	"GOEXPERIMENT=nogreenteagc":                     7200,
	"finding functions by their index":              7000,
	"packing":                                       125900,
	"the names of functions in a file of their own": 14000,
	"the hollowed runtime/cpuprof.go":               0,
	"the hollowed runtime/hexdump.go":               1400,
	"the hollowed runtime/mcheckmark.go":            2800,
	"the hollowed runtime/mgcmark.go":               600,
	"the hollowed runtime/mgcsweep.go":              800,
	"the hollowed runtime/mprof.go":                 4200,
	"the hollowed runtime/print.go":                 21300,
	"the hollowed runtime/proc.go":                  1100,
	"the hollowed runtime/profbuf.go":               0,
	"the hollowed runtime/runtime1.go":              200,
	"the hollowed runtime/symtab.go":                700,
	"the hollowed runtime/trace.go":                 3900,
	"the hollowed runtime/traceallocfree.go":        200,
	"the hollowed runtime/tracebuf.go":              0,
	"the hollowed runtime/tracecpu.go":              0,
	"the hollowed runtime/traceevent.go":            0,
	"the hollowed runtime/tracemap.go":              0,
	"the hollowed runtime/traceregion.go":           0,
	"the hollowed runtime/traceruntime.go":          2700,
	"the hollowed runtime/tracestack.go":            0,
	"the hollowed runtime/tracestatus.go":           0,
	"the hollowed runtime/tracestring.go":           0,
	"the hollowed runtime/tracetime.go":             0,
	"the hollowed runtime/tracetype.go":             0,
	"the hollowed time/format.go":                   6100,
	"the hollowed time/zoneinfo.go":                 2200,
	"the slim crypto/md5":                           48900,
	"the slim crypto/rand":                          81500,
	"the slim crypto/sha1":                          50700,
	"the slim database/sql/driver":                  0,
	"the slim encoding/json":                        3300,
	"the slim fmt":                                  48700,
	"the slim image":                                3500,
	"the slim image/color":                          3100,
	"the slim internal/godebug":                     20400,
	"the slim net":                                  38100,
	"the slim net/http":                             471700,
	"the slim net/netip":                            0,
	"the slim os":                                   12500,
}
