package widget

import (
	"syscall/js"
	"time"

	"plurachat/widget/chat"
	"plurachat/widget/words"
)

// intl is the browser's knowledge of a language. A tag that it does not know
// falls back to the browser's own language.
//
// Its formats are made when they are first asked for: each takes milliseconds,
// and a new visitor needs one of them.
type intl struct {
	lang    string
	rtl     bool
	time    js.Value // Intl.DateTimeFormat of a time of day
	day     js.Value // and of a day
	plurals js.Value // Intl.PluralRules

	minute int64  // that clock was asked for last
	shown  string // what it said
}

func newIntl(lang string) *intl { return &intl{lang: lang, rtl: words.IsRightToLeft(lang)} }

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

// plural is the plural category of n.
func (in *intl) plural(n int) string {
	if in.plurals.IsUndefined() {
		in.plurals = newFormat("PluralRules", in.lang)
	}
	return in.plurals.Call("select", n).String()
}

// clock is the time of day of a moment in milliseconds since 1970.
func (in *intl) clock(ms int64) string {
	if in.time.IsUndefined() {
		in.time = newFormat("DateTimeFormat", in.lang, "hour", "numeric", "minute", "2-digit")
	}
	if minute := ms / 60_000; minute != in.minute || in.shown == "" {
		in.minute, in.shown = minute, in.time.Call("format", float64(ms)).String()
	}
	return in.shown
}

// date is the day of a moment.
func (in *intl) date(ms int64) string {
	if in.day.IsUndefined() {
		in.day = newFormat("DateTimeFormat", in.lang, "weekday", "long", "day", "numeric", "month", "long")
	}
	return in.day.Call("format", float64(ms)).String()
}

// offsetAt is the visitor's offset from UTC at a time, in seconds to the east.
// Go's own Local knows only today's. Clocks are changed on a quarter of an hour
// at the earliest, so one question serves a whole conversation.
func offsetAt(t time.Time) int {
	if quarter := t.Unix() / 900; quarter != lastOffset.quarter {
		minutes := js.Global().Get("Date").New(float64(t.UnixMilli())).Call("getTimezoneOffset").Int()
		lastOffset.quarter, lastOffset.seconds = quarter, -60*minutes
	}
	return lastOffset.seconds
}

// lastOffset is the answer to the last question. 1970 began for nobody's chat.
var lastOffset struct {
	quarter int64
	seconds int
}

// language is the widget's: the attribute's, else the page's, else the browser's.
func language(o *chat.Options) string {
	if o.Lang != "" {
		return o.Lang
	}
	if s := document.Get("documentElement").Get("lang").String(); s != "" {
		return s
	}
	if s := js.Global().Get("navigator").Get("language"); s.Type() == js.TypeString {
		return s.String()
	}
	return "en"
}
