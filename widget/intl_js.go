package widget

import (
	"syscall/js"
	"time"

	"plurachat/widget/words"
)

// intl formats times, dates and plurals in a language with the browser's Intl. If the browser does not have the
// language, it uses the browser's own.
//
// The formats are made when they are first used: each takes milliseconds, and a new visitor needs only one of them.
type intl struct {
	lang    string
	rtl     bool
	time    js.Value // Intl.DateTimeFormat for a time of day
	day     js.Value // Intl.DateTimeFormat for a day
	plurals js.Value // Intl.PluralRules

	clockMinute int64  // the argument of the last call of clock, in minutes
	clockText   string // its result
}

func newIntl(lang string) *intl { return &intl{lang: lang, rtl: words.IsRightToLeft(lang)} }

// newFormat makes an object of a class of Intl. pairs are the names and values of its options.
func newFormat(class, lang string, pairs ...string) (v js.Value) {
	options := js.Global().Get("Object").New()
	for i := 0; i < len(pairs); i += 2 {
		options.Set(pairs[i], pairs[i+1])
	}
	constructor := js.Global().Get("Intl").Get(class)
	if !try(func() { v = constructor.New(lang, options) }) {
		v = constructor.New(js.Undefined(), options)
	}
	return v
}

// plural returns the plural category of n.
func (in *intl) plural(n int) string {
	if in.plurals.IsUndefined() {
		in.plurals = newFormat("PluralRules", in.lang)
	}
	return in.plurals.Call("select", n).String()
}

// clock returns the time of day of a moment, which is in milliseconds since 1970.
func (in *intl) clock(ms int64) string {
	if in.time.IsUndefined() {
		in.time = newFormat("DateTimeFormat", in.lang, "hour", "numeric", "minute", "2-digit")
	}
	if minute := ms / 60_000; minute != in.clockMinute || in.clockText == "" {
		in.clockMinute, in.clockText = minute, in.time.Call("format", float64(ms)).String()
	}
	return in.clockText
}

// date returns the day of a moment, which is in milliseconds since 1970.
func (in *intl) date(ms int64) string {
	if in.day.IsUndefined() {
		in.day = newFormat("DateTimeFormat", in.lang, "weekday", "long", "day", "numeric", "month", "long")
	}
	return in.day.Call("format", float64(ms)).String()
}

// offsetAt returns the visitor's offset from UTC at a time, in seconds east. Go's Local has only the current offset in
// the browser. An offset changes at a multiple of 15 minutes only, so the result for one quarter of an hour is cached.
func offsetAt(t time.Time) int {
	if quarter := t.Unix() / 900; quarter != lastOffset.quarter {
		minutes := js.Global().Get("Date").New(float64(t.UnixMilli())).Call("getTimezoneOffset").Int()
		lastOffset.quarter, lastOffset.seconds = quarter, -60*minutes
	}
	return lastOffset.seconds
}

// lastOffset is the last result of offsetAt. Its zero value would be used for the first 15 minutes of 1970 only.
var lastOffset struct {
	quarter int64
	seconds int
}
