package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"plurachat/protocol"
)

// SafePicture reports whether an address may be the source of an <img>: https, or a data: URL of one of four raster
// formats and of at most [protocol.MaxPicture] bytes. SVG is excluded because it can contain scripts.
func SafePicture(address string) bool {
	s := strings.ToLower(address[:min(len(address), len("data:image/jpeg;"))])
	if strings.HasPrefix(s, "https://") {
		return len(address) > len("https://") && !strings.ContainsFunc(address, unicode.IsControl)
	}
	s, ok := strings.CutPrefix(s, "data:image/")
	if !ok || len(address) > protocol.MaxPicture {
		return false
	}
	format, _, _ := strings.Cut(strings.ReplaceAll(s, ",", ";"), ";")
	return format == "png" || format == "jpeg" || format == "gif" || format == "webp"
}

// initials returns the first letters of the first and the last word of a name, which stand in for a picture.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return ""
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	s := string(unicode.ToUpper(first))
	if len(words) > 1 {
		last, _ := utf8.DecodeRuneInString(words[len(words)-1])
		s += string(unicode.ToUpper(last))
	}
	return s
}
