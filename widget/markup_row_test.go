//go:build !js

package widget

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/markdown"
	"plurachat/widget/words"
)

// drawn returns the nodes of a row as HTML, with the attributes in the order of their names.
func drawn(t *testing.T, r chat.Row, animates bool) string {
	t.Helper()
	words := words.New()
	var w nodeBuilder
	m := &rowMarkup{markup: markup{nodeBuilder: &w}, words: &words, clock: func(ms int64) string { return fmt.Sprint("clock ", ms) }, date: func(ms int64) string { return fmt.Sprint("date ", ms) }}
	m.row(&r, rowID(7), animates)
	return asHTML(t, w.Buf)
}

// asHTML returns the JSON that a nodeBuilder has written as HTML.
func asHTML(t *testing.T, spec []byte) string {
	t.Helper()
	var node any
	if err := json.Unmarshal(spec, &node); err != nil {
		t.Fatalf("%s: %v", spec, err)
	}
	var b strings.Builder
	var write func(any)
	write = func(node any) {
		if text, ok := node.(string); ok {
			b.WriteString(text)
			return
		}
		list := node.([]any)
		fmt.Fprintf(&b, "<%s", list[0])
		attributes := list[1].(map[string]any)
		var names []string
		for name := range attributes {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			fmt.Fprintf(&b, " %s=%s", name, strings.ReplaceAll(attributes[name].(string), " ", "+"))
		}
		b.WriteString(">")
		for _, inside := range list[2:] {
			write(inside)
		}
		b.WriteString("</>")
	}
	write(node)
	return b.String()
}

// Above a group a row says who wrote it, and below it when. A message of the visitor also has its state. The bubble
// contains only the message.
func TestRowsInThePage(t *testing.T) {
	const face, name = "<div aria-hidden=true class=face>FT</>", "<div class=name><span aria-hidden=true dir=auto>Maya</><span class=quiet>Maya said:</></>"
	const said, youSaid = "<div class=quiet>Maya said:</>", "<div class=quiet>You said:</>" // inside a group
	const you, hi = "<div class=name><span class=quiet>You said:</></>", "<div part=bubble>Hi</>"
	const buttons = "<button aria-label=Try+again:+Hi class=do data-do=retry data-key=k type=button>Try again</><button aria-label=Remove:+Hi class=do data-do=remove data-key=k type=button>Remove</>"
	agent := chat.Row{Key: "k", ID: "m", Name: "Maya", Initials: "FT", Text: "Hi"}
	visitor := chat.Row{Key: "k", Kind: protocol.Visitor, Text: "Hi"}
	for _, c := range []struct {
		name   string
		row    chat.Row
		change func(*chat.Row)
		want   string
	}{
		{"an agent, alone", agent, func(r *chat.Row) { r.First, r.Last, r.At = true, true, 5 },
			"<div class=row+first+last data-from=agent data-id=m id=row7 part=message role=article>" + name + face + "<div part=bubble><p>Hi</></><div class=meta><span>clock 5</></></>"},
		{"without a time", agent, func(r *chat.Row) { r.First, r.Last = true, true },
			"<div class=row+first+last data-from=agent data-id=m id=row7 part=message role=article>" + name + face + "<div part=bubble><p>Hi</></></>"},
		{"in a group", agent, func(r *chat.Row) { r.At = 5 }, "<div class=row data-from=agent data-id=m id=row7 part=message role=article>" + said + "<div part=bubble><p>Hi</></><div class=quiet>clock 5</></>"},
		{"with a face", agent, func(r *chat.Row) { r.Last, r.Picture, r.ID = true, "https://a.b/c", "" },
			"<div class=row+last data-from=agent id=row7 part=message role=article>" + said + "<div aria-hidden=true class=face>FT<img alt= decoding=async referrerpolicy=no-referrer src=https://a.b/c></></><div part=bubble><p>Hi</></></>"},
		{"the visitor", visitor, func(r *chat.Row) { r.First, r.Last, r.At = true, true, 5 },
			"<div class=row+first+last data-from=visitor data-state=sent id=row7 part=message role=article>" + you + hi + "<div class=meta><span>clock 5</></></>"},
		{"under way", visitor, func(r *chat.Row) { r.Last, r.State, r.At = true, protocol.Sending, 5 },
			"<div class=row+last data-from=visitor data-state=sending id=row7 part=message role=article>" + youSaid + hi + "<div class=meta><span>Sending…</></></>"},
		{"under way, in a group", visitor, func(r *chat.Row) { r.State, r.At = protocol.Sending, 5 },
			"<div class=row data-from=visitor data-state=sending id=row7 part=message role=article>" + youSaid + hi + "</>"},
		{"failed", visitor, func(r *chat.Row) { r.State = protocol.Failed },
			"<div class=row data-from=visitor data-state=failed id=row7 part=message role=article>" + youSaid + hi + "<div class=meta><span class=wrong>Not sent</>" + buttons + "</></>"},
		{"the beginning", visitor, func(r *chat.Row) { r.Cut, r.At = true, 5 },
			"<div class=row data-from=visitor data-state=sent id=row7 part=message role=article>" + youSaid + hi + "<div class=quiet>clock 5</><div class=meta><button class=do data-do=whole data-key=k type=button>Show all</></></>"},
		{"the beginning, last", visitor, func(r *chat.Row) { r.Cut, r.Last, r.At = true, true, 5 },
			"<div class=row+last data-from=visitor data-state=sent id=row7 part=message role=article>" + youSaid + hi + "<div class=meta><button class=do data-do=whole data-key=k type=button>Show all</><span>clock 5</></></>"},
		{"an end", chat.Row{Kind: protocol.Ended, Offer: true}, func(*chat.Row) {},
			"<div class=line id=row7 part=divider><span>Conversation ended</><button class=do data-do=new type=button>Start a new conversation</></>"},
		{"an end before another", chat.Row{Kind: protocol.Ended}, func(*chat.Row) {}, "<div class=line id=row7 part=divider><span>Conversation ended</></>"},
		{"a beginning", chat.Row{Kind: protocol.Fresh}, func(*chat.Row) {}, "<div class=line id=row7 part=divider><span>New conversation</></>"},
		{"too large", chat.Row{Kind: protocol.Dropped}, func(*chat.Row) {}, "<div class=line id=row7 part=divider><span>A message was too large to show.</></>"},
	} {
		c.change(&c.row)
		if got := drawn(t, c.row, false); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if c.row.Kind > protocol.Visitor {
			continue
		}
		if moving := drawn(t, c.row, true); !strings.Contains(moving, "+new ") {
			t.Errorf("%s: a new row has no animation: %s", c.name, moving)
		}
	}
}

func TestDaysInThePage(t *testing.T) {
	words := words.New()
	for ago, want := range []string{"Today", "Yesterday", "date 9", "date 9"} {
		var w nodeBuilder
		m := &rowMarkup{markup: markup{nodeBuilder: &w}, words: &words, date: func(ms int64) string { return fmt.Sprint("date ", ms) }}
		m.day(&chat.Row{Ago: ago, At: 9})
		if got := asHTML(t, w.Buf); got != "<div class=day part=divider>"+want+"</>" {
			t.Errorf("%d days ago: %s", ago, got)
		}
	}
}

// Each kind of Markdown node becomes the elements below.
func TestMarkdownInThePage(t *testing.T) {
	const link = " dir=auto href=https://a.b rel=noopener+noreferrer+nofollow target=_blank>"
	const code = "<div class=code><pre data-name=Code dir=ltr><code>"
	const copied = "</></><button aria-label=Copy+code class=copy data-do=copy type=button><svg aria-hidden=true viewBox=0+0+24+24><path d=M9+9h11v11H9z></><path d=M5+15H4V4h11v1></></></></>"
	for in, want := range map[string]string{
		"**b** *i* ~~s~~":      "<p><strong>b</> <em>i</> <s>s</></>",
		"a\nb":                 "<p>a<br></>b</>",
		"# Title":              "<p aria-level=3 class=title role=heading>Title</>",
		"---":                  "<hr></>",
		"`x`":                  "<p><code dir=ltr>x</></>",
		"202 555 0123":         "<p><span dir=ltr>202 555 0123</></>",
		"```go\nx\n```":        code + "x" + copied,
		"```\n```":             code + copied,
		"[x](https://a.b)":     "<p><a" + link + "x</></>",
		"[c.com](https://a.b)": "<p><a" + link + "c.com</> <span dir=ltr>(a.b)</></>",
		"> q":                  "<blockquote dir=auto><p>q</></>",
		"- a\n- b":             "<ul dir=auto><li><p>a</></><li><p>b</></></>",
		"1. a":                 "<ol dir=auto><li><p>a</></></>",
		"2. a":                 "<ol dir=auto start=2><li><p>a</></></>",
		"8. a\n9. b":           "<ol dir=auto start=8><li><p>a</></><li><p>b</></></>",
		"9. a\n9. b":           "<ol class=n2 dir=auto start=9><li><p>a</></><li><p>b</></></>",
		"99. a":                "<ol class=n2 dir=auto start=99><li><p>a</></></>",
		"100. a":               "<ol class=n4 dir=auto start=100><li><p>a</></></>",
		"9999. a":              "<ol class=n4 dir=auto start=9999><li><p>a</></></>",
		"99999. a":             "<ol class=n6 dir=auto start=99999><li><p>a</></></>",
		"- > a":                "<ul dir=auto><li><blockquote><p>a</></></></>",
		"<br>":                 "<p class=plain><br></>",
	} {
		got := drawn(t, chat.Row{Text: in}, false)
		got = strings.TrimSuffix(strings.TrimPrefix(got, "<div class=row data-from=agent id=row7 part=message role=article><div class=quiet> said:</><div part=bubble>"), "</></>")
		if got != want {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
	// A link whose URL fails the second check is shown as its text.
	var w nodeBuilder
	m := markup{nodeBuilder: &w}
	m.node(&markdown.Node{Kind: markdown.KindLink, URL: "javascript:1", Children: []markdown.Node{{Kind: markdown.KindText, Text: "x"}}}, &labels{})
	if string(w.Buf) != `"x"` {
		t.Errorf("%s", w.Buf)
	}
}

// Texts of more than 4,000 bytes are split into pieces of that size. Pieces after the first 20,000 bytes, which are
// shown only on request, are laid out when they are scrolled to.
func TestPiecesInThePage(t *testing.T) {
	for _, c := range []struct {
		bytes     int
		near, far int
	}{{4000, 0, 0}, {4001, 2, 0}, {8000, 2, 0}, {20_000, 5, 0}, {20_001, 5, 1}, {28_000, 5, 2}} {
		for _, kind := range []protocol.Kind{protocol.Agent, protocol.Visitor} {
			got := drawn(t, chat.Row{Kind: kind, Text: strings.Repeat("x", c.bytes)}, false)
			if near, far := strings.Count(got, "<span class=piece>"), strings.Count(got, "<span class=piece+far>"); near != c.near || far != c.far {
				t.Errorf("%d bytes of %d: %d pieces, and %d that are far", c.bytes, kind, near, far)
			}
		}
	}
}
