package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
	"plurachat/widget/words"
)

// hostileWords returns a file of words that has the marker ‹ in every word, in front of what would run or load
// something if it were more than text.
func hostileWords(t *testing.T, data []byte) string {
	t.Helper()
	var items []any
	if err := json.Unmarshal(data, &items); err != nil {
		t.Fatal(err)
	}
	for i, key := range words.Keys()[:len(items)] {
		if word, ok := items[i].(string); ok {
			items[i] = `javascript:document.run=1//‹` + key + `<img src="https://x.invalid/` + key +
				`" onerror="document.run=1"><a href="javascript:document.run=1">` + word
		}
	}
	text, err := json.Marshal(items)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestWordsAreText checks that words are used only as text. The files with words have no digest: whoever changes one on
// the host can change what the chat says, but must not be able to run a script, load anything or change a link.
func TestWordsAreText(t *testing.T) {
	t.Parallel()
	german := file(t, `^plura-chat-de-.*\.json$`)
	text := hostileWords(t, german.Data)
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
		s.header("/"+german.Name, "Content-Type", "application/json")
		s.document("/"+german.Name, text)
		s.header("/", "Content-Security-Policy-Report-Only", strict(s))
		s.allowUnpinned(e)
		tab := e.visitor(t).open(s.page("/", s.tag(`data-lang=de data-prechat="first_name,phone" data-consent=required
			data-privacy-url="https://example.com/privacy" data-sound=on`)))
		tab.wordsInForm()
		tab.wordsInConversation()
		tab.wordsInMenu()
		tab.settle()
	})
}

// wordsInForm sends the form without its values, and then with them.
func (b *tab) wordsInForm() {
	b.t.Helper()
	b.openForm()
	b.showsWord("prechatIntro")
	b.start()
	b.showsWord("required")
	b.checkWords("in the form")
	b.fill("first_name", "Ada")
	b.fill("phone", "+1 202 555 0123")
	b.click(root + `.getElementById("field-consent")`)
	b.start()
	b.heard("Hi Ada")
}

// wordsInConversation makes the flow send Markdown, and then writes a text that is too long.
func (b *tab) wordsInConversation() {
	b.t.Helper()
	b.say("/markdown")
	b.heard("Not markup")
	b.showsWord("copyCode")
	b.showsWord("today")
	b.checkWords("in the conversation")
	b.press(strings.Repeat("x", 20))
	eval[any](b, `(i => { i.value = "x".repeat(4001); i.dispatchEvent(new Event("input", {bubbles: true})); })(`+
		part("input")+`)`)
	b.showsWord("tooLong")
}

// wordsInMenu opens the menu, and the question whether the conversation is to be deleted.
func (b *tab) wordsInMenu() {
	b.t.Helper()
	b.click(root + `.querySelector("[data-do=menu]")`)
	b.showsWord("startNew")
	b.checkWords("in the menu")
	b.click(root + `.querySelector("[data-do=ask-end]")`)
	b.showsWord("endDeleteAsk")
	b.checkWords("in the question")
	b.press(browser.Escape)
}

// showsWord returns once the word with that key is shown.
func (b *tab) showsWord(key string) {
	b.t.Helper()
	b.wait(root + `?.innerHTML.includes("‹` + key + `")`)
}

// checkWords checks that words are only in texts and in attributes that are text, that they have added no element that
// loads or runs something, and that none was run.
func (b *tab) checkWords(when string) {
	b.t.Helper()
	for _, wrong := range eval[[]string](b, `(() => {
		const text = ["aria-label", "aria-description", "aria-valuetext", "placeholder", "title", "alt", "data-hint",
			"data-name"];
		const loads = /^(img|script|style|iframe|object|embed|link)$/, wrong = [];
		for (const node of `+root+`.querySelectorAll("*")) {
			for (const { name, value } of node.attributes) {
				if (value.includes("‹") && !text.includes(name)) {
					wrong.push(node.localName + " " + name + "=" + value);
				}
			}
			if (loads.test(node.localName) && !node.src?.startsWith("data:")) {
				wrong.push(node.outerHTML);
			}
		}
		document.run && wrong.push("run");
		return wrong;
	})()`) {
		b.t.Errorf("%s: %s", when, wrong)
	}
}
