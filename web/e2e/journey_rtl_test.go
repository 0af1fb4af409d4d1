package e2e

import (
	"testing"

	"plurachat/protocol/protocoltest"
)

// rightToLeft is a journey: on an Arabic page the words are Arabic and the layout is mirrored.
func rightToLeft(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{})
	tab := e.visitor(t).open(s.document("/", `<!doctype html><html lang=ar dir=rtl><meta charset=utf-8><title>صفحة</title><link rel=icon href=data:,><script src="/watch.js"></script>`+s.tag("")))
	tab.launch()
	tab.heard("How can I help")
	tab.say("مرحبا")
	tab.said("مرحبا")
	tab.heard("You said")

	// across returns where the middle of an element is: 0 is the left edge of within, 1 is the right edge.
	across := func(name, within string) float64 {
		t.Helper()
		return eval[float64](tab, `(() => { const r = `+name+`.getBoundingClientRect(), w = `+within+`.getBoundingClientRect(); return (r.x + r.width / 2 - w.x) / w.width; })()`)
	}
	panel := part("panel")
	for name, left := range map[string]bool{"send": true, "close": true, "heading": false, "avatar": false} {
		if x := across(part(name), panel); (x < 0.5) != left {
			t.Errorf("the %s is at %.2f of the panel's width", name, x)
		}
	}
	bubbleOf := func(side string) string { return part("message][data-from=" + side + "] [part~=bubble") }
	if x := across(bubbleOf("visitor"), part("log")); x > 0.5 {
		t.Errorf("the visitor's message is at %.2f of the width, want it on the left", x)
	}
	if x := across(bubbleOf("agent"), part("log")); x < 0.5 {
		t.Errorf("the agent's message is at %.2f of the width, want it on the right", x)
	}
	if x := across(panel, `document.documentElement`); x > 0.5 {
		t.Errorf("the panel is at %.2f of the screen, want it on the left", x)
	}
	if !eval[bool](tab, `/^[\u0600-\u06ff\s…]+$/.test(`+part("input")+`.placeholder)`) {
		t.Errorf("the placeholder is %q", eval[string](tab, part("input")+`.placeholder`))
	}
	if !eval[bool](tab, `/[\u0600-\u06ff]/.test(`+part("launcher")+`.getAttribute("aria-label"))`) {
		t.Errorf("the launcher's name is %q", eval[string](tab, part("launcher")+`.getAttribute("aria-label")`))
	}
	// The first letter of a paragraph decides its direction: in an English answer, the first word is to the left of the
	// Arabic quotation.
	if !eval[bool](tab, `(() => {
		const text = document.createTreeWalker([...`+root+`.querySelectorAll("[part~=message][data-from=agent] [part~=bubble]")].at(-1), NodeFilter.SHOW_TEXT).nextNode();
		const at = index => { const range = new Range(); range.setStart(text, index); range.setEnd(text, index + 1); return range.getBoundingClientRect().x; };
		return at(text.data.indexOf("Y")) < at(text.data.indexOf("م"));
	})()`) {
		t.Error("an English answer runs from right to left")
	}
	numbersInArabic(t, tab, s)
}

// numbersInArabic checks that the characters of numbers, addresses and code keep their order in Arabic text.
func numbersInArabic(t *testing.T, tab *tab, s *site) {
	t.Helper()
	text := "اتصل على +1 202 555 0123 الآن أو 0202 555 0123 الآن\n\nالموقع https://example.com/a/ هنا\n\nاكتب `f(x) + 1;` هنا\n\nالبريد me@example.com. النهاية"
	if err := s.flow.Push(s.flow.Sessions()[0], protocoltest.Reply{Text: text}); err != nil {
		t.Fatal(err)
	}
	tab.heard("النهاية")
	for _, piece := range []string{"+1 202 555 0123", "0202 555 0123", "https://example.com/a/", "f(x) + 1;", "me@example.com"} {
		if wrong := eval[string](tab, `(() => {
			const bubble = [...`+root+`.querySelectorAll("[part~=message][data-from=agent] [part~=bubble]")].at(-1), piece = "`+piece+`";
			const walk = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT);
			let node;
			while ((node = walk.nextNode()) && !node.data.includes(piece));
			if (!node) return "it is in no text";
			let last = null;
			for (let i = node.data.indexOf(piece), end = i + piece.length; i < end; i++) {
				const range = new Range();
				range.setStart(node, i);
				range.setEnd(node, i + 1);
				const box = range.getBoundingClientRect();
				if (last && Math.abs(last.y - box.y) < 4 && box.x < last.x) return "its sign " + i + " stands before the one before it";
				last = box;
			}
			return "";
		})()`); wrong != "" {
			t.Errorf("%s: %s", piece, wrong)
		}
	}
}
