package build

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// pack returns a linked program with its data in few segments, and with those parts of its function table cleared that
// nothing in a page reads; see functionTable.clear. found says that the program was compiled with findTrick, so it does
// not need the table findfunctab either; numbered says that it was compiled with nameTrick. names has the names of
// functions by what a panic prints instead.
func pack(module []byte, found, numbered bool) (packed []byte, names map[string]string, err error) {
	header, start, end, err := findSection(module, dataSection)
	if err != nil {
		return nil, nil, err
	}
	image, base, err := loadImage(module[start:end])
	if err != nil {
		return nil, nil, err
	}
	table, err := findTable(image, base)
	if err != nil {
		return nil, nil, err
	}
	if names, err = table.clear(numbered); err != nil {
		return nil, nil, err
	}
	if found {
		if err := table.clearFinder(); err != nil {
			return nil, nil, err
		}
	}
	body := storeImage(image, base)
	out := bytes.NewBuffer(nil)
	out.Write(module[:header])
	out.WriteByte(dataSection)
	out.Write(binary.AppendUvarint(nil, uint64(len(body))))
	out.Write(body)
	out.Write(module[end:])
	return out.Bytes(), names, nil
}

const dataSection = 11

var errModule = errors.New("not a WebAssembly module as Go's linker writes it")

// findSection returns the offsets of a section's header and of the start and end of its body.
func findSection(module []byte, id byte) (header, start, end int, err error) {
	for at := 8; at < len(module); at = end {
		size, n := binary.Uvarint(module[at+1:])
		start = at + 1 + n
		if n <= 0 || size > uint64(len(module)-start) {
			break
		}
		end = start + int(size)
		if module[at] == id {
			return at, start, end, nil
		}
	}
	return 0, 0, 0, errModule
}

// loadImage returns the memory that the segments of a data section initialize, and its address.
func loadImage(section []byte) (image []byte, base int, err error) {
	type segment struct {
		at   int
		data []byte
	}
	var segments []segment
	count, n := binary.Uvarint(section)
	if n <= 0 {
		return nil, 0, errModule
	}
	section = section[n:]
	base, end := 1<<31, 0
	for range count {
		if len(section) < 3 || section[0] != 0 || section[1] != 0x41 { // memory 0, address by i32.const
			return nil, 0, errModule
		}
		at, n := signedVarint(section[2:])
		section = section[2+n:]
		if at < 0 || len(section) < 2 || section[0] != 0x0b {
			return nil, 0, errModule
		}
		size, n := binary.Uvarint(section[1:])
		if n <= 0 || size > uint64(len(section)-1-n) {
			return nil, 0, errModule
		}
		section = section[1+n:]
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

// maxImage is the largest size in bytes that loadImage accepts. It is far above the size of the widget's data.
const maxImage = 64 << 20

// segmentGap is the number of zero bytes that end a segment. Go's linker ends one after eight, which makes 58,000
// segments. The uncompressed file is smaller then, but the compressed one is larger, because the addresses of segments
// compress badly and zeroes compress well.
const segmentGap = 256

// storeImage returns the body of a data section that initializes memory to image at the address base. Long runs of
// zeroes are left out, because memory is zero initially.
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

// signedVarint decodes a signed LEB128 number, as in WebAssembly's i32.const, and returns it and its length in bytes.
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
