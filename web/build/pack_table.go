package build

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// functionTable is the table of functions in the memory of a linked program. Its layout is that of pcHeader and
// moduledata in runtime/symtab.go, and of _func in runtime/runtime2.go. Programs with another layout cause errors.
// Except for base, the numbers are offsets into image.
type functionTable struct {
	image     []byte
	base      int // address of image
	header    int // pcHeader
	names     int // funcnametab: names of functions, each followed by a zero byte
	files     int // cutab and filetab: the files of functions, and the names of files
	pctab     int // tables of values by program counter, as differences
	functab   int // for each function its index, and the offset of its _func from functab
	functions int // number of functions
}

// pclntabMagic is the start of pcHeader: magic number, two zero bytes, size of the smallest instruction, size of a
// pointer. Eight words follow.
var pclntabMagic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

const (
	// Offsets of fields of _func in runtime/runtime2.go.
	funcName      = 4
	funcPcsp      = 16
	funcPcfile    = 20 // pcln follows
	funcNpcdata   = 28
	funcCuOffset  = 32 // startLine follows
	funcID        = 40 // a byte
	funcNfuncdata = 43
	funcSize      = 44

	funcIDWrapper = 23 // the value of internal/abi.FuncIDWrapper

	// The kinds of pcdata that are kept; internal/abi/symtab.go has all. Unsafe points are for preemption by signals,
	// which WebAssembly does not have. The liveness of arguments is for tracebacks that print arguments.
	pcdataStackMap = 1
	pcdataInlTree  = 2
	// The number of kinds of funcdata that are kept, which the garbage collector and panics read. The kinds after them
	// describe arguments for tracebacks, and wrappers for the execution tracer.
	keptFuncdata = 5

	// The offset of findfunctab in moduledata, after a pointer and six slices. The first and last program counter
	// follow.
	moduleFinder = 8 + 6*24
	pcBits       = 16       // the bits of a program counter below the function's index
	bucketCode   = 256 * 16 // program counters for each bucket of findfunctab
	bucketSize   = 4 + 16   // bytes of a bucket
)

// findTable finds the table of functions in the memory image of a program that begins at the address base.
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
		if f := t.function(i); f < t.functab || f+funcSize > len(image) || f+t.size(f) > len(image) {
			return nil, fmt.Errorf("function %d: %w", i, errModule)
		}
	}
	return t, nil
}

// size returns the size in bytes of the _func at an offset into image, with its pcdata and funcdata.
func (t *functionTable) size(function int) int {
	return funcSize + 4*int(t.u32(function+funcNpcdata)) + 4*int(t.image[function+funcNfuncdata])
}

func (t *functionTable) u32(at int) uint32 { return binary.LittleEndian.Uint32(t.image[at:]) }
func (t *functionTable) u64(at int) int    { return int(binary.LittleEndian.Uint64(t.image[at:])) }

// function returns the offset of the _func of function i in image.
func (t *functionTable) function(i int) int { return t.functab + int(t.u32(t.functab+8*i+4)) }

// clear fills with zeroes what nothing in a page reads: files and lines, for which a panic then prints "?:0"; unsafe
// points; what tracebacks need to print arguments; and the names of functions that tracebacks do not show. If numbered
// is set, it clears the other names too, and returns them by their numberedName.
func (t *functionTable) clear(numbered bool) (names map[string]string, err error) {
	kept := make([]bool, t.functab-t.pctab)
	for i := range t.functions {
		f := t.function(i)
		if err := t.keep(kept, t.u32(f+funcPcsp)); err != nil {
			return nil, err
		}
		npcdata := int(t.u32(f + funcNpcdata))
		for j := range npcdata {
			at := f + funcSize + 4*j
			if j != pcdataStackMap && j != pcdataInlTree {
				clear(t.image[at : at+4])
			} else if err := t.keep(kept, t.u32(at)); err != nil {
				return nil, err
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
	if err := t.shareHiddenNames(numbered); err != nil {
		return nil, err
	}
	if numbered {
		names = t.takeNames()
	}
	return names, nil
}

// keep marks the bytes of the table at an offset into pctab as kept. Offset 0 stands for no table.
func (t *functionTable) keep(kept []bool, offset uint32) error {
	if offset == 0 {
		return nil
	}
	for p := int(offset); ; {
		if p >= len(kept) {
			return fmt.Errorf("a table of program counters: %w", errModule)
		}
		for range 2 { // the difference of the value, and that of the program counter
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

// hiddenName is the new name of all functions that a traceback does not show. It begins with "runtime.", for which the
// runtime checks, and has the form of a method's name, which panicwrap parses.
const hiddenName = "runtime.(*_)._"

// shareHiddenNames gives all functions that a traceback does not show the same name. wrappers says that these include
// the methods that the compiler makes, which panicwrap could not parse if they were numbered.
func (t *functionTable) shareHiddenNames(wrappers bool) error {
	shared := -1
	for i := range t.functions {
		f := t.function(i)
		name := t.name(f)
		if name == nil {
			return fmt.Errorf("the name of function %d: %w", i, errModule)
		}
		if !isHidden(name) && !(wrappers && t.image[f+funcID] == funcIDWrapper) {
			continue
		}
		offset := int(t.u32(f + funcName))
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

// name returns the name of a function as a part of image, or nil if it is not in the table.
func (t *functionTable) name(function int) []byte {
	at := t.names + int(t.u32(function+funcName))
	if at >= t.files {
		return nil
	}
	end := bytes.IndexByte(t.image[at:t.files], 0)
	if end < 0 {
		return nil
	}
	return t.image[at : at+end]
}

// takeNames clears the names that the runtime compares with nothing, and returns them by their numberedName.
func (t *functionTable) takeNames() map[string]string {
	names := map[string]string{}
	for i := range t.functions {
		f := t.function(i)
		name, offset := t.name(f), int(t.u32(f+funcName))
		number := numberedName(offset)
		if offset == 0 || len(name) < len(number) || isCompared(name) {
			continue
		}
		names[number] = string(name)
		clear(name)
	}
	return names
}

// numberedName returns what nameBody returns for the cleared name at an offset: the digits to the base of 36, the last
// one first.
func numberedName(offset int) string {
	number := []byte{'$'}
	for ; offset > 0; offset /= 36 {
		number = append(number, "0123456789abcdefghijklmnopqrstuvwxyz"[offset%36])
	}
	return string(number)
}

// isCompared reports whether the runtime compares the name of a function, or a part of it, with a text: those of the
// runtime itself, whose tracebacks begin or end there, and two of reflect whose frames are special.
func isCompared(name []byte) bool {
	return bytes.HasPrefix(name, []byte("runtime.")) || bytes.HasPrefix(name, []byte("reflect."))
}

// isHidden reports whether a traceback leaves out a function, by the rules of showfuncinfo and isExportedRuntime in
// runtime/traceback.go. It returns false for gopanic too, because tracebacks compare names with it.
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

// clearFinder clears findfunctab, the table that leads from a program counter to a function.
func (t *functionTable) clearFinder() error {
	pointer := binary.LittleEndian.AppendUint64(nil, uint64(t.base+t.header))
	pointer = binary.LittleEndian.AppendUint64(pointer, uint64(t.base+t.names)) // the first slice, funcnametab
	module := bytes.Index(t.image, pointer)
	if module < 0 || module+moduleFinder+24 > len(t.image) {
		return fmt.Errorf("the module's data: %w", errModule)
	}
	at := t.u64(module+moduleFinder) - t.base
	first, last := t.u64(module+moduleFinder+8), t.u64(module+moduleFinder+16)
	buckets, sixteenths := divideUp(last-first, bucketCode), divideUp(last-first, bucketCode/16)
	size := 4*buckets + sixteenths // the last bucket may have fewer sixteenths
	if at < 0 || buckets <= 0 || at+size > len(t.image) {
		return fmt.Errorf("where functions are found: %w", errModule)
	}
	finder := t.image[at : at+size]
	// Check that it is findfunctab. A bucket has the index of its first function, and for each sixteenth the number of
	// functions that begin before it in the bucket. That is zero, because each function takes several whole buckets.
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
