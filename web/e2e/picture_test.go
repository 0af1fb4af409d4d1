package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"plurachat/protocol/protocoltest"
)

// TestPicture takes README's screenshot and writes it to shots/. It replaces the committed one only if UPDATE_PICTURES
// is "1", because no two machines draw the same.
func TestPicture(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	s.page("/", `<style>
		body { margin: 0; font: 18px/1.6 system-ui, sans-serif; color: #334; background: #f4f6fa }
		header { padding: 72px 64px 200px; color: white; background: linear-gradient(120deg, #16324f, #2a628f) }
		h1 { font-size: 52px; line-height: 1.1; margin: 0 0 16px; max-width: 11em } header p { max-width: 26em; opacity: .85 }
		main { display: flex; gap: 24px; margin: -120px 64px 0; max-width: 720px } section { flex: 1; background: white; border-radius: 12px; padding: 24px 28px; box-shadow: 0 8px 30px #0001 }
		h2 { font-size: 20px; margin: 0 }
		</style><header><h1>A roof that outlives the weather</h1><p>Ridgeline Roofing repairs and replaces roofs, and tells you beforehand what it costs.</p></header>
		<main><section><h2>Repairs</h2><p>Leaks found and closed, most of them on the day you call.</p></section><section><h2>New roofs</h2><p>Shingle, metal and slate, with a warranty that means it.</p></section></main>`+s.tag(`data-color="#2a628f"`))
	tab := chromium.visitor(t).open(s.URL + "/")
	tab.launch()
	tab.heard("How can I help")
	tab.say("What does a new roof cost?")
	tab.heard("$")
	tab.wait(`!` + visible(part("typing")))
	tab.wait(`[...` + root + `.querySelectorAll("*")].every(e => e.getAnimations().length == 0)`)
	shot := tab.picture("chat")

	if os.Getenv("UPDATE_PICTURES") == "1" {
		png, err := os.ReadFile(shot)
		if err == nil {
			err = os.MkdirAll(filepath.Join("..", "pictures"), 0o755)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join("..", "pictures", "chat.png"), png, 0o644)
		}
		if err != nil {
			t.Errorf("updating README's picture: %v", err)
		}
	}
}
