package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// functionTable is a linked program's table of functions, in the image of its
// memory. The layout is that of runtime/symtab.go and runtime2.go (pcHeader,
// moduledata and _func). A program with another one is an error, never a guess.
type functionTable struct {
	image     []byte
	base      int // address of image
	header    int // of pcHeader, in image, as all below
	names     int // texts that end in a zero
	files     int // which files, and their names, up to pctab
	pctab     int // what belongs to which program counters, as changes
	functab   int // a pair for each function: its index, and where its _func is
	functions int
}

// pcHeader, as runtime/symtab.go has it: the magic number, two zeroes, the
// smallest instruction, the size of a pointer; then eight words.
var pclntabMagic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

const (
	funcName      = 4 // offsets into _func, as runtime/runtime2.go has it
	funcPcsp      = 16
	funcPcfile    = 20
	funcNpcdata   = 28
	funcCuOffset  = 32 // startLine stands behind it
	funcID        = 40
	funcNfuncdata = 43
	funcSize      = 44

	// Of the kinds of pcdata, in internal/abi/symtab.go, those that are read:
	// stack maps, and the trees of inlined functions. Unsafe points are for
	// preemption by signals, which a page has none of; and the liveness of
	// arguments is for tracebacks that print them.
	pcdataStackMap = 1
	pcdataInlTree  = 2
	// What a function has data for up to here is read by the collector and by
	// panics. What follows describes arguments for tracebacks, and wrappers for
	// the execution tracer.
	keptFuncdata = 5

	// moduledata begins with a pointer to pcHeader and six slices; then come
	// where the finder is, and the first and last program counter.
	moduleFinder = 8 + 6*24
	pcBits       = 16 // of a program counter within a function
	bucketCode   = 256 * 16
	bucketSize   = 4 + 16
)

// findTable finds the table of functions.
func findTable(image []byte, base int) (*functionTable, error) {
	at := bytes.Index(image, pclntabMagic)
	if at < 0 || bytes.Contains(image[at+1:], pclntabMagic) || at+8*9 > len(image) {
		return nil, fmt.Errorf("the table of functions: %w", errModule)
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint64(image[at+8+8*i:])) }
	t := &functionTable{image: image, base: base, header: at, functions: word(0),
		names: at + word(3), files: at + word(4), pctab: at + word(6), functab: at + word(7)}
	if t.functions < 100 || !(at < t.names && t.names < t.files && t.files < t.pctab && t.pctab < t.functab) ||
		t.functab+8*t.functions+4 > len(image) {
		return nil, fmt.Errorf("the table of functions: %w", errModule)
	}
	for i := range t.functions {
		if f := t.function(i); f < t.functab || f+funcSize > len(image) || f+funcSize+4*int(t.u32(f+funcNpcdata))+4*int(image[f+funcNfuncdata]) > len(image) {
			return nil, fmt.Errorf("function %d: %w", i, errModule)
		}
	}
	return t, nil
}

func (t *functionTable) u32(at int) uint32 { return binary.LittleEndian.Uint32(t.image[at:]) }
func (t *functionTable) u64(at int) int    { return int(binary.LittleEndian.Uint64(t.image[at:])) }

// function is where the _func of a function is.
func (t *functionTable) function(i int) int { return t.functab + int(t.u32(t.functab+8*i+4)) }

// clear empties what nothing in a page reads: files and lines, of which a panic
// then prints "?:0"; unsafe points; what a traceback prints of arguments; and
// the names of the runtime's own functions.
func (t *functionTable) clear() error {
	kept := make([]bool, t.functab-t.pctab)
	for i := range t.functions {
		f := t.function(i)
		if err := t.keep(kept, t.u32(f+funcPcsp)); err != nil {
			return err
		}
		npcdata := int(t.u32(f + funcNpcdata))
		for j := range npcdata {
			at := f + funcSize + 4*j
			if j != pcdataStackMap && j != pcdataInlTree {
				clear(t.image[at : at+4])
			} else if err := t.keep(kept, t.u32(at)); err != nil {
				return err
			}
		}
		if n := int(t.image[f+funcNfuncdata]); n > keptFuncdata {
			at := f + funcSize + 4*npcdata
			clear(t.image[at+4*keptFuncdata : at+4*n])
			t.image[f+funcNfuncdata] = keptFuncdata
		}
		clear(t.image[f+funcPcfile : f+funcNpcdata])
		clear(t.image[f+funcCuOffset : f+funcID])
	}
	for i, keep := range kept {
		if !keep {
			t.image[t.pctab+i] = 0
		}
	}
	clear(t.image[t.files:t.pctab])
	return t.clearNames()
}

// keep marks the table of program counters at an offset into pctab.
func (t *functionTable) keep(kept []bool, offset uint32) error {
	if offset == 0 {
		return nil
	}
	for p := int(offset); ; {
		if p >= len(kept) {
			return fmt.Errorf("a table of program counters: %w", errModule)
		}
		for range 2 { // a value's change, and the code's until the next
			_, n := binary.Uvarint(t.image[t.pctab+p : t.functab])
			if n <= 0 {
				return fmt.Errorf("a table of program counters: %w", errModule)
			}
			last := n == 1 && t.image[t.pctab+p] == 0 && p != int(offset)
			for range n {
				kept[p] = true
				p++
			}
			if last {
				return nil
			}
		}
	}
}

// hiddenName is the name of each of the runtime's functions that a traceback
// does not show: those that are not exported. The runtime asks whether a name
// begins so; and it has the form of a method, which panicwrap takes apart.
const hiddenName = "runtime.(*_)._"

// clearNames gives all functions that a traceback does not show one name.
func (t *functionTable) clearNames() error {
	shared := -1
	for i := range t.functions {
		f := t.function(i)
		offset := int(t.u32(f + funcName))
		end := -1
		if t.names+offset < t.files {
			end = bytes.IndexByte(t.image[t.names+offset:t.files], 0)
		}
		if end < 0 {
			return fmt.Errorf("the name of function %d: %w", i, errModule)
		}
		name := t.image[t.names+offset : t.names+offset+end]
		if !isHidden(name) {
			continue
		}
		if shared < 0 && len(name) >= len(hiddenName) {
			shared = offset
			clear(name)
			copy(name, hiddenName)
		}
		if shared >= 0 && offset != shared {
			clear(name)
			binary.LittleEndian.PutUint32(t.image[f+funcName:], uint32(shared))
		}
	}
	return nil
}

// isHidden reports whether a traceback leaves a function out, as showfuncinfo and
// isExportedRuntime in runtime/traceback.go have it. The function that panics
// is found by its name, and those that finish objects are shown.
func isHidden(name []byte) bool {
	rest, ok := bytes.CutPrefix(name, []byte("runtime."))
	if !ok {
		return false
	}
	switch string(rest) {
	case "", "gopanic", "runFinalizers", "runCleanups":
		return false
	}
	if method, ok := bytes.CutPrefix(rest, []byte("(*")); ok {
		rest = method
	}
	return 'a' <= rest[0] && rest[0] <= 'z' || rest[0] == '_'
}

// clearFinder empties the table that leads from a program counter to a function.
func (t *functionTable) clearFinder() error {
	pointer := binary.LittleEndian.AppendUint64(nil, uint64(t.base+t.header))
	pointer = binary.LittleEndian.AppendUint64(pointer, uint64(t.base+t.names)) // of the first slice
	module := bytes.Index(t.image, pointer)
	if module < 0 || module+moduleFinder+24 > len(t.image) {
		return fmt.Errorf("the module's data: %w", errModule)
	}
	at := t.u64(module+moduleFinder) - t.base
	first, last := t.u64(module+moduleFinder+8), t.u64(module+moduleFinder+16)
	buckets, sixteenths := divideUp(last-first, bucketCode), divideUp(last-first, bucketCode/16)
	size := 4*buckets + sixteenths // the last bucket ends with the code
	if at < 0 || buckets <= 0 || at+size > len(t.image) {
		return fmt.Errorf("where functions are found: %w", errModule)
	}
	finder := t.image[at : at+size]
	// It holds what it must, or it is something else: which function begins a bucket, and how many more
	// begin in each sixteenth of it, which for functions of whole buckets is none.
	for i := range buckets {
		bucket := finder[i*bucketSize : min((i+1)*bucketSize, size)]
		if int(binary.LittleEndian.Uint32(bucket)) != i*bucketCode>>pcBits || bytes.Trim(bucket[4:], "\x00") != nil {
			return fmt.Errorf("where functions are found: %w", errModule)
		}
	}
	clear(finder)
	return nil
}

func divideUp(a, b int) int { return (a + b - 1) / b }
