package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPicture bounds a data: picture, which travels with every message.
const maxPicture = 256 << 10

// SafePicture reports whether a picture's address may be given to an <img>:
// https, or one of four raster formats in a data: URL. SVG is left out because
// it can carry script.
func SafePicture(address string) bool {
	s := strings.ToLower(address[:min(len(address), len("data:image/jpeg;"))])
	if strings.HasPrefix(s, "https://") {
		return len(address) > len("https://") && !strings.ContainsFunc(address, unicode.IsControl)
	}
	s, ok := strings.CutPrefix(s, "data:image/")
	if !ok || len(address) > maxPicture {
		return false
	}
	format, _, _ := strings.Cut(strings.ReplaceAll(s, ",", ";"), ";")
	return format == "png" || format == "jpeg" || format == "gif" || format == "webp"
}

// initials are what stands for somebody without a picture: the first letters of
// the first and the last word of the name.
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
