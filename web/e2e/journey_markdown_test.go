package e2e

import (
	"testing"

	"plurachat/protocol/protocoltest"
)

// markdown: the agent's Markdown becomes elements, HTML stays text, and what the visitor writes is left as it
// was written.
func markdown(t *testing.T, e *engine) {
	s := newSite(t, protocoltest.Options{})
	tab := e.visitor(t).open(s.page("/", s.tag("")))
	tab.launch()
	tab.heard("How can I help")
	session := s.flow.Sessions()[0]
	err := s.flow.Push(session, protocoltest.Reply{Text: "**Bold**, *slanted*, `code` and <b>no HTML</b>.\n\n" +
		"- [a page](https://example.com/a?b=1&c=2)\n- <script>x</script>\n\n1. one\n2. two\n\n```\nif a < b {\n}\n```\n\nMail office@example.com, the end"})
	if err != nil {
		t.Fatal(err)
	}
	tab.heard("the end")
	bubble := `[...` + root + `.querySelectorAll("[part~=message][data-from=agent] [part~=bubble]")].at(-1)`
	for selector, want := range map[string]string{
		"strong": "Bold", "em": "slanted", "p code": "code", "ul li:first-child a": "a page", "ul li:last-child": "<script>x</script>",
		"ol li:last-child": "two", "pre": "if a < b {\n}",
	} {
		if got := eval[*string](tab, bubble+`.querySelector("`+selector+`")?.textContent.trim()`); got == nil || *got != want {
			t.Errorf("%s holds %v, want %q\n%s", selector, got, want, eval[string](tab, bubble+`.outerHTML`))
		}
	}
	if got := eval[string](tab, `(() => { const a = `+bubble+`.querySelector("a"); return [a.href, a.target, a.rel.split(" ").sort()].join(); })()`); got != "https://example.com/a?b=1&c=2,_blank,nofollow,noopener,noreferrer" {
		t.Errorf("the link is %s", got)
	}
	if n := eval[int](tab, bubble+`.querySelectorAll("b, script").length`); n != 0 {
		t.Errorf("%d elements come from HTML", n)
	}

	tab.say("**not** <b>mine</b>")
	tab.said("**not** <b>mine</b>")
}
