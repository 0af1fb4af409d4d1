package e2e

import (
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
)

// markdown is a journey: the agent's Markdown becomes elements, HTML remains text, and the visitor's own messages are
// shown as they were written.
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

	for _, start := range []string{"7", "42", "100", "12345", "999999998"} {
		if err := s.flow.Push(session, protocoltest.Reply{Text: start + ". number " + start + "\n1. next"}); err != nil {
			t.Fatal(err)
		}
		tab.heard("number " + start)
		if out := eval[float64](tab, `(() => {
			const bubble = `+bubble+`, item = bubble.querySelector("li"), probe = document.createElement("span");
			probe.textContent = "`+start+`. ";
			probe.style.cssText = "position:absolute;white-space:pre";
			item.append(probe);
			const wide = probe.getBoundingClientRect().width;
			probe.remove();
			return bubble.getBoundingClientRect().left + wide - item.getBoundingClientRect().left;
		})()`); out > 0 {
			t.Errorf("the number %s of a list begins %.1f px before its bubble", start, out)
		}
	}

	tab.say("**not** <b>mine</b>")
	tab.said("**not** <b>mine</b>")
}

// TestRelativeLinks checks that a link without a host leads to the page's own site, and that a link that only looks
// like one does not.
func TestRelativeLinks(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/shop/roofs", s.tag("")))
	tab.launch()
	tab.heard("How can I help")
	if err := s.flow.Push(s.flow.Sessions()[0], protocoltest.Reply{Text: "See [pricing](/pricing), [docs](docs/a.html), [other](//example.com/x) and [bad](javascript:alert(1))."}); err != nil {
		t.Fatal(err)
	}
	tab.heard("See pricing")
	links := eval[map[string]string](tab, `Object.fromEntries([...`+part("log")+`.querySelectorAll("a")].map(a => [a.firstChild.textContent, a.href]))`)
	want := map[string]string{"pricing": s.URL + "/pricing", "docs": s.URL + "/shop/docs/a.html"}
	for label, href := range want {
		if links[label] != href {
			t.Errorf("%s leads to %q, want %q", label, links[label], href)
		}
	}
	for label, href := range links {
		if _, ok := want[label]; !ok && !strings.HasPrefix(href, "https://example.com/") {
			t.Errorf("%s leads to %s", label, href)
		}
	}
}
