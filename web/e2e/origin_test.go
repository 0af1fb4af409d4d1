package e2e

import (
	"fmt"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
)

// TestLockOfSomebodyElse checks that the chat works while another script of the origin has the lock by which tabs agree
// on the holder, whether the script got the lock first or stole it.
func TestLockOfSomebodyElse(t *testing.T) {
	t.Parallel()
	const hold = `navigator.locks.request("plura-chat:` + flow + `", {steal: %t}, () => new Promise(() => document.taken = (document.taken ?? 0) + 1)).catch(() => {})`
	t.Run("there first", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, protocoltest.Options{})
		tab := chromium.visitor(t).open(s.page("/", `<script>`+fmt.Sprintf(hold, false)+`</script>`+s.tag("")))
		tab.wait(`document.taken == 1`)
		tab.launch()
		tab.heard("How can I help")
		tab.say("hello")
		tab.heard("You said: hello")
	})
	t.Run("taken away", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, protocoltest.Options{})
		tab := chromium.visitor(t).open(s.page("/", s.tag("")))
		tab.launch()
		tab.heard("How can I help")
		tab.say("before")
		tab.heard("You said: before")
		for i := range 3 {
			eval[any](tab, fmt.Sprintf(hold, true)+`, 0`)
			tab.wait(fmt.Sprintf(`document.taken == %d`, i+1))
			text := fmt.Sprint("after ", i)
			tab.say(text)
			tab.heard("You said: " + text)
		}
		if got, want := s.flow.Messages(""), []string{"before", "after 0", "after 1", "after 2"}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("the flow got %q, want %q", got, want)
		}
	})
}

// TestStorageBecomesFull checks that no message is lost when the storage becomes full during a conversation, and that
// the conversation is stored again when there is room.
func TestStorageBecomesFull(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		tab.launch()
		tab.heard("How can I help")
		tab.say("before")
		tab.heard("You said: before")
		eval[any](tab, `(() => {
			let text = "x".repeat(1 << 20);
			for (let i = 0; text; i++) {
				try { localStorage.setItem("page" + i, text); } catch { text = text.slice(0, text.length >> 1); }
			}
		})()`)
		// This makes the record too long for the room of the stored one.
		long := strings.Repeat("words and more of them ", 40)
		eval[any](tab, `PluraChat.send("`+long+`")`)
		tab.heard("You said: words")
		tab.say("during")
		tab.heard("You said: during")
		tab.press("A draft")
		tab.settle()
		eval[any](tab, `Object.keys(localStorage).forEach(key => key.startsWith("page") && localStorage.removeItem(key))`)
		tab.press(" more")
		tab.wait(`localStorage["plura-chat:` + flow + `:draft"]?.includes("A draft more")`)
		tab.reload()
		tab.online()
		tab.heard("You said: during")
		if got := eval[string](tab, part("input")+`.value`); got != "A draft more" {
			t.Errorf("the draft is %q", got)
		}
		tab.click(part("send"))
		tab.heard("You said: A draft more")
	})
}
