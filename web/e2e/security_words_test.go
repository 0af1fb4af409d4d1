package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/widget/words"
)

// TestWordsAreText checks that words are used only as text. The files with words have no digest: whoever changes one on
// the host can change what the chat says, but must not be able to run a script, load anything or change a link. Every
// word of the test contains the marker ‹.
func TestWordsAreText(t *testing.T) {
	t.Parallel()
	german := file(t, `^plura-chat-de-.*\.json$`)
	var items []any
	if err := json.Unmarshal(german.Data, &items); err != nil {
		t.Fatal(err)
	}
	for i, key := range words.Keys()[:len(items)] {
		if word, ok := items[i].(string); ok {
			items[i] = `javascript:document.run=1//‹` + key + `<img src="https://x.invalid/` + key + `" onerror="document.run=1"><a href="javascript:document.run=1">` + word
		}
	}
	text, err := json.Marshal(items)
	if err != nil {
		t.Fatal(err)
	}
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
		s.header("/"+german.Name, "Content-Type", "application/json")
		s.document("/"+german.Name, string(text))
		s.header("/", "Content-Security-Policy-Report-Only", strict(s))
		s.allowUnpinned(e)
		tab := e.visitor(t).open(s.page("/", s.tag(`data-lang=de data-prechat="first_name,phone" data-consent=required data-privacy-url="https://example.com/privacy" data-sound=on`)))
		check := func(when string) {
			t.Helper()
			for _, wrong := range eval[[]string](tab, `(() => {
				const text = ["aria-label", "aria-description", "aria-valuetext", "placeholder", "title", "alt", "data-hint", "data-name"], wrong = [];
				for (const node of `+root+`.querySelectorAll("*")) {
					for (const { name, value } of node.attributes) {
						value.includes("‹") && !text.includes(name) && wrong.push(node.localName + " " + name + "=" + value);
					}
					/^(img|script|style|iframe|object|embed|link)$/.test(node.localName) && !node.src?.startsWith("data:") && wrong.push(node.outerHTML);
				}
				document.run && wrong.push("run");
				return wrong;
			})()`) {
				t.Errorf("%s: %s", when, wrong)
			}
		}
		shows := func(key string) {
			t.Helper()
			tab.wait(root + `?.innerHTML.includes("‹` + key + `")`)
		}
		tab.openForm()
		shows("prechatIntro")
		tab.start()
		shows("required")
		check("in the form")
		tab.fill("first_name", "Ada")
		tab.fill("phone", "+1 202 555 0123")
		tab.click(root + `.getElementById("field-consent")`)
		tab.start()
		tab.heard("Hi Ada")
		tab.say("/markdown")
		tab.heard("Not markup")
		shows("copyCode")
		shows("today")
		check("in the conversation")
		tab.press(strings.Repeat("x", 20))
		eval[any](tab, `(i => { i.value = "x".repeat(4001); i.dispatchEvent(new Event("input", {bubbles: true})); })(`+part("input")+`)`)
		shows("tooLong")
		tab.click(root + `.querySelector("[data-do=menu]")`)
		shows("startNew")
		check("in the menu")
		tab.click(root + `.querySelector("[data-do=ask-end]")`)
		shows("endDeleteAsk")
		check("in the question")
		tab.press(browser.Escape)
		tab.settle()
	})
}
