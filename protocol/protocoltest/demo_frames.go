package protocoltest

import (
	"strings"
	"time"
)

// markdownSample has all Markdown that a widget renders, and some that it shows
// as text.
const markdownSample = "# A heading\n\n" +
	"Some **bold**, some *italic*, **both *at once***, some `code`, ~~struck~~, " +
	"and a [link](https://ridgeline-roofing.example/).\n" +
	"A line break within a paragraph, and a bare address: https://ridgeline-roofing.example/storm?a=1&b=2.\n\n" +
	"- One\n- Two\n  - Two and a half\n- Three\n\n" +
	"1. First\n2. Second\n\n" +
	"> A quotation,\n> of two lines.\n\n" +
	"```go\nfunc main() {\n\tfmt.Println(\"<b>not bold</b>\")\n}\n```\n\n" +
	"---\n\n" +
	"| Material | Years |\n| --- | --- |\n| Slate | 75 |\n\n" +
	"Not markup: 2 * 3 * 4, snake_case_name, \\*escaped\\*, <b>HTML</b>, &amp; an entity, " +
	"![a picture](https://ridgeline-roofing.example/roof.jpg).\n\n" +
	"[Not safe](javascript:alert(1)), [mail](mailto:hello@ridgeline-roofing.example), [phone](tel:+15550142)."

var longSample = "**The life of a roof, at length**\n\n" + strings.Repeat(
	"A roof is the hardest-working part of a house, and the least looked at. Sun makes it brittle, frost lifts it, "+
		"wind tries its edges, and rain waits for a mistake. We look at the valleys first, where two slopes meet and "+
		"all the water runs, then at the flashing around whatever sticks out, and at the shingles last.\n\n", 16) +
	"That was all of it."

// hostileFrames lists frames that a widget must handle without harm: attacks,
// malformed JSON and unexpected values.
var hostileFrames = []string{
	message(`<img src=x onerror="alert(1)"><script>alert(2)</script><b>bold?</b><iframe src="javascript:alert(3)">`),
	message("[one](javascript:alert(1)) [two](JaVaScRiPt:alert(2)) [three](java\tscript:alert(3)) " +
		"[four](data:text/html,<script>alert(4)</script>) [five](vbscript:x) " +
		"[six](//evil.example) <javascript:alert(5)>"),
	message("![pixel](https://tracker.example/p.gif) " +
		"[x](https://good.example\" onmouseover=\"alert(1)) [y](https://a@evil.example:443/)"),
	message("Invoice \u202egnp.exe\u202c \u2066\u2067isolated\u2069 \u200f\u061c and \u200bzero\ufeff width"),
	message(strings.Repeat("W", 5000)),
	message("Z\u0351\u036b\u0343\u036a\u0302a\u0300\u0301\u0302\u0303l\u0334\u0335\u0336go " +
		strings.Repeat("\u0301", 500) + "\u0000\u0007\u001b[31m"),
	message(strings.Repeat("> ", 3000) + "deep " + strings.Repeat("*", 4000) + strings.Repeat("[", 4000)),
	`{"type":"message","id":"1","profilepic":"javascript:alert(1)","name":"<script>alert(1)</script>",` +
		`"content":"a picture and a name"}`,
	`{"type":"message","id":"2","profilepic":"https://127.0.0.1:1/none.png","name":"` +
		strings.Repeat("Long ", 200) + `","content":"a broken picture and a long name"}`,
	`{"type":"message","id":"\"><img src=x>","name":"\ud800","content":"half a surrogate \udfff pair"}`,
	`{"type":"message","id":"3","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},` +
		`"content":"extra fields"}`,
	`{"type":"message","content":`,
	`{"type":"message","id":"4","name":"nothing"}`,
	`{"type":"message","id":"5","content":null}`,
	`{"type":"message","id":"6","content":{"html":"<b>x</b>"}}`,
	`{"type":"chatowner","id":null,"profilepic":"data:image/svg+xml,<svg onload=alert(1)>","name":null}`,
	`{"type":"dance","content":"an unknown type"}`,
	`{"TYPE":"message","Content":"in capitals"}`,
	`{"content":"no type"}`,
	`[]`, `null`, `0`, `"message"`, ``, `undefined`, "\ufeff{}",
	strings.Repeat("[", 100000),
	`{"type":"session","id":"7","session_id":"webchat-session.../../../../etc/passwd"}`,
	`{"type":"session","id":"8","session_id":null}`,
	`{"type":"session","id":"9"}`,
	`{"type":"recv","id":"10","content":"something that you never said"}`,
}

// message returns a message frame with the content.
func message(content string) string {
	return string(encode(messageFrame{"message", "", pixel, mayaName, content}))
}

func (d *demo) hostile(*Exchange, string) []Reply {
	replies := []Reply{{Text: "Brace yourself."}}
	for _, f := range hostileFrames {
		replies = append(replies, Reply{Raw: []byte(f), Delay: 40 * time.Millisecond})
	}
	return append(replies,
		Reply{Raw: []byte("\x00\xff\xfe not text"), Binary: true},
		Reply{Text: "That was all. Still talking to me?", Delay: 300 * time.Millisecond})
}

func (d *demo) numbers(*Exchange, string) []Reply {
	replies := []Reply{}
	for _, f := range []string{
		`{"type":"message","id":12345,"profilepic":7,"name":42,"content":3.14}`,
		`{"type":"message","id":null,"profilepic":null,"name":null,"content":"no id, no picture, no name"}`,
		`{"type":"message","content":"nothing but a content"}`,
		`{"type":"message","id":1e400,"content":12345678901234567890}`,
		`{"type":"message","id":true,"content":true}`,
		`{"type":"chatowner","id":1,"profilepic":2,"name":3}`,
	} {
		replies = append(replies, Reply{Raw: []byte(f), Delay: 60 * time.Millisecond})
	}
	return append(replies, Reply{Text: "Those were six frames.", Delay: 300 * time.Millisecond})
}

func (d *demo) big(*Exchange, string) []Reply {
	return []Reply{
		{Raw: []byte(message(strings.Repeat("A megabyte of roof. ", (1<<20)/20+1000)))},
		{Text: "That frame had more than 1 MiB. Still there?", Delay: 300 * time.Millisecond},
	}
}
