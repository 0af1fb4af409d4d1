//go:build !js

package web

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// pack makes a linked program smaller in ways the linker does not offer: its
// data in a few segments, and without the tables that map code to files and
// lines, which are read only when a panic is printed. Functions keep their names there; the line reads "?:0". What the
// runtime needs to run (stack depths, stack maps, safe points) stands in the
// same table, pctab, and is left alone.
//
// The layout is that of runtime/symtab.go and runtime2.go (pcHeader and _func).
// A program with another one is an error, never a guess.
func pack(module []byte) ([]byte, error) {
	header, start, end, err := findSection(module, dataSection)
	if err != nil {
		return nil, err
	}
	image, base, err := loadImage(module[start:end])
	if err != nil {
		return nil, err
	}
	if err := clearLines(image); err != nil {
		return nil, err
	}
	body := storeImage(image, base)
	out := bytes.NewBuffer(nil)
	out.Write(module[:header])
	out.WriteByte(dataSection)
	out.Write(binary.AppendUvarint(nil, uint64(len(body))))
	out.Write(body)
	out.Write(module[end:])
	return out.Bytes(), nil
}

const dataSection = 11

var errModule = errors.New("not a WebAssembly module as Go's linker writes it")

// findSection finds a section: where it begins, and its body.
func findSection(module []byte, id byte) (header, start, end int, err error) {
	for at := 8; at < len(module); at = end {
		size, n := binary.Uvarint(module[at+1:])
		start = at + 1 + n
		end = start + int(size)
		if n <= 0 || end > len(module) {
			break
		}
		if module[at] == id {
			return at, start, end, nil
		}
	}
	return 0, 0, 0, errModule
}

// loadImage puts the segments of a data section where they are in memory.
func loadImage(section []byte) (image []byte, base int, err error) {
	type segment struct {
		at   int
		data []byte
	}
	var segments []segment
	count, n := binary.Uvarint(section)
	section = section[n:]
	base, end := 1<<31, 0
	for range count {
		if len(section) < 3 || section[0] != 0 || section[1] != 0x41 { // of memory 0, at a constant
			return nil, 0, errModule
		}
		at, n := signedVarint(section[2:])
		section = section[2+n:]
		if at < 0 || len(section) < 2 || section[0] != 0x0b {
			return nil, 0, errModule
		}
		size, n := binary.Uvarint(section[1:])
		section = section[1+n:]
		if uint64(len(section)) < size {
			return nil, 0, errModule
		}
		segments = append(segments, segment{at, section[:size]})
		base, end = min(base, at), max(end, at+int(size))
		section = section[size:]
	}
	if len(segments) == 0 || len(section) > 0 || end-base > maxImage {
		return nil, 0, errModule
	}
	image = make([]byte, end-base)
	for _, s := range segments {
		copy(image[s.at-base:], s.data)
	}
	return image, base, nil
}

// maxImage bounds what a program's data may be: we know ours.
const maxImage = 64 << 20

// segmentGap is how many zeroes begin another segment. Go's linker leaves out
// eight or more, which makes 58,000 segments and a smaller file; but what tells
// their places apart does not compress, and zeroes do.
const segmentGap = 256

// storeImage writes a data section, without the zeroes that memory has anyhow.
func storeImage(image []byte, base int) []byte {
	var segments []byte
	count := uint64(0)
	for at := 0; at < len(image); {
		if image[at] == 0 {
			at++
			continue
		}
		end, zeroes := at, 0
		for end < len(image) && zeroes < segmentGap {
			if image[end] == 0 {
				zeroes++
			} else {
				zeroes = 0
			}
			end++
		}
		end -= zeroes
		segments = append(segments, 0, 0x41)
		segments = appendSigned(segments, base+at)
		segments = append(segments, 0x0b)
		segments = binary.AppendUvarint(segments, uint64(end-at))
		segments = append(segments, image[at:end]...)
		count++
		at = end
	}
	return append(binary.AppendUvarint(nil, count), segments...)
}

// pcHeader, as runtime/symtab.go has it: the magic number, two zeroes, the
// smallest instruction, the size of a pointer; then eight words.
var pclntabMagic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

const (
	funcPcsp      = 16 // offsets into _func, as runtime/runtime2.go has it
	funcPcfile    = 20
	funcPcln      = 24
	funcNpcdata   = 28
	funcStartLine = 36
	funcSize      = 44
)

// clearLines clears, in a program's memory, what maps code to files and lines.
func clearLines(image []byte) error {
	at := bytes.Index(image, pclntabMagic)
	if at < 0 || bytes.Contains(image[at+1:], pclntabMagic) {
		return fmt.Errorf("the table of functions: %w", errModule)
	}
	word := func(i int) int { return int(binary.LittleEndian.Uint64(image[at+8+8*i:])) }
	functions, filetab, pctab, functab := word(0), at+word(5), at+word(6), at+word(7)
	if functions < 100 || !(at < filetab && filetab < pctab && pctab < functab && functab < len(image)) {
		return fmt.Errorf("the table of functions: %w", errModule)
	}
	u32 := func(p int) uint32 { return binary.LittleEndian.Uint32(image[p:]) }
	kept := make([]bool, functab-pctab)
	keep := func(offset uint32) error {
		if offset == 0 {
			return nil
		}
		for p := int(offset); ; {
			if p >= len(kept) {
				return fmt.Errorf("a table of program counters: %w", errModule)
			}
			for range 2 { // a value's change, and the code's until the next
				_, n := binary.Uvarint(image[pctab+p : functab])
				if n <= 0 {
					return fmt.Errorf("a table of program counters: %w", errModule)
				}
				last := n == 1 && image[pctab+p] == 0 && p != int(offset)
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
	for i := range functions {
		f := functab + int(u32(functab+8*i+4))
		if f+funcSize > len(image) {
			return fmt.Errorf("function %d: %w", i, errModule)
		}
		if err := keep(u32(f + funcPcsp)); err != nil {
			return err
		}
		for j := range int(u32(f + funcNpcdata)) {
			if err := keep(u32(f + funcSize + 4*j)); err != nil {
				return err
			}
		}
		clear(image[f+funcPcfile : f+funcNpcdata])
		clear(image[f+funcStartLine : f+funcStartLine+4])
	}
	for i, keep := range kept {
		if !keep {
			image[pctab+i] = 0
		}
	}
	clear(image[filetab:pctab]) // the files' names
	return nil
}

// signedVarint reads a number as WebAssembly's i32.const has it.
func signedVarint(b []byte) (value, n int) {
	shift := 0
	for n < len(b) && n < 5 {
		c := b[n]
		n++
		value |= int(c&0x7f) << shift
		shift += 7
		if c < 0x80 {
			if c&0x40 != 0 {
				value -= 1 << shift
			}
			break
		}
	}
	return value, n
}

func appendSigned(dst []byte, v int) []byte {
	for {
		c := byte(v & 0x7f)
		v >>= 7
		if v == 0 && c&0x40 == 0 || v == -1 && c&0x40 != 0 {
			return append(dst, c)
		}
		dst = append(dst, c|0x80)
	}
}
