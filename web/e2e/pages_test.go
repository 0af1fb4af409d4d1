package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// TestPrint checks that the widget is not printed with the page.
func TestPrint(t *testing.T) {
	t.Parallel()
	for name, attributes := range map[string]string{"bubble": "", "inline": `data-mode="inline"`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open(s.page("/", "<body>"+s.tag(attributes)+longPage))
			tab.wait(visible(part("panel")) + ` || ` + visible(part("launcher")))
			print := func(media string) {
				t.Helper()
				if _, err := chromedp.Call(tab.chromedp(), emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media}); err != nil {
					t.Fatal(err)
				}
			}
			const shown = `[document.querySelector("plura-chat"), ...` + root + `.querySelectorAll("*")].filter(e => e.getClientRects().length > 0).length`
			print("print")
			tab.wait(shown + ` == 0`)
			print("")
			if name == "bubble" {
				tab.launch()
			} else {
				tab.click(part("input"))
			}
			tab.wait(part("jump")) // Go has drawn the panel
			print("print")
			tab.wait(shown + ` == 0`)
			print("")
			tab.wait(visible(part("panel")))
		})
	}
}

// TestZoomedPage checks that the whole panel is in the window if a page's style sheet sets zoom, and that it fills the
// screen of a phone.
func TestZoomedPage(t *testing.T) {
	t.Parallel()
	for name, size := range map[string][2]int{"wide": {1280, 720}, "low": {1280, 500}, "phone": {390, 700}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, zoom := range []string{"0.8", "1.1", "1.5"} {
				s := newSite(t, protocoltest.Options{})
				s.page("/", `<style>html{zoom:`+zoom+`}</style>`+s.tag(""))
				tab := chromium.visitor(t).open("about:blank")
				tab.size(size[0], size[1])
				tab.open(s.URL + "/")
				tab.launch()
				tab.heard("Hi!")
				inside := `(r => r.top >= -1 && r.left >= -1 && r.bottom <= innerHeight + 1 && r.right <= innerWidth + 1)`
				for _, name := range []string{"panel", "close", "send"} {
					tab.wait(inside + `(` + part(name) + `.getBoundingClientRect())`)
				}
				if name != "phone" {
					tab.picture("zoomed page " + zoom)
					continue
				}
				tab.wait(`(r => r.height > innerHeight - 3)(` + part("panel") + `.getBoundingClientRect())`)
			}
		})
	}
}

// TestWrongFieldIsInView checks that a field with an error is scrolled into view on a small screen, which is also what
// a large one is at 400 %.
func TestWrongFieldIsInView(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.page("/", s.tag(`data-prechat="first_name*,last_name,email*,phone,company*" data-consent="required" data-privacy-url="https://example.com/privacy"`))
	tab := chromium.visitor(t).open("about:blank")
	tab.size(320, 256)
	tab.open(s.URL + "/")
	tab.openForm()
	inView := `((field, form) => field.top >= form.top && field.bottom <= form.bottom && field.bottom <= innerHeight)(
		` + root + `.activeElement.getBoundingClientRect(), ` + part("prechat") + `.getBoundingClientRect())`
	submit := `(` + root + `.querySelector("[type=submit]")).click()`
	for _, step := range [][2]string{{"first_name", "Ann"}, {"email", "ann@example.com"}, {"phone", "+12025550123"}, {"company", "Roofs"}, {"consent", ""}} {
		eval[any](tab, `(form => form.scrollTo(0, 1e6))(`+part("prechat")+`)`)
		eval[any](tab, submit)
		tab.wait(root + `.activeElement.id == "field-` + step[0] + `"`)
		tab.wait(inView)
		if step[0] == "first_name" {
			tab.picture("wrong field in view")
		}
		if step[1] != "" {
			eval[any](tab, `(input => { input.value = "`+step[1]+`"; })(`+field(step[0])+`)`)
		}
	}
}

// contrastScript defines document.contrast(text, ground), which returns the contrast ratio of WCAG 2 between an
// element's colour and another one's background. It draws the colours to read them, because computed styles may be in
// any colour space.
const contrastScript = `document.contrast = (text, ground) => {
	const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
	const luminance = colour => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = colour;
		canvas.fillRect(0, 0, 1, 1);
		const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const [low, high] = [luminance(getComputedStyle(text).color), luminance(getComputedStyle(ground).backgroundColor)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}`

// TestRecolouredPage checks that the chat is legible after an extension (here Dark Reader) has recoloured the style
// sheets. The extension darkens background colours and lightens text colours. The colours that loader.css computes from
// the accent must not mix up the two. On a light accent, the text keeps the colour that was computed for the original
// accent, and a lower contrast is enough.
func TestRecolouredPage(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile(npm(t, "darkreader", "darkreader.js"))
	if err != nil {
		t.Fatal(err)
	}
	for name, accent := range map[string]struct {
		style, attribute string
		least            float64
	}{
		"as it is":     {"", "", 4.5},
		"an attribute": {"", `data-color="#fde047"`, 4.5},
		"a property":   {`<style>plura-chat{--plura-accent:#fde047}</style>`, "", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			s.script("/darkreader.js", string(script))
			tab := chromium.visitor(t).open(s.page("/", accent.style+`<script src="/darkreader.js"></script>`+s.tag(accent.attribute)+longPage))
			tab.launch()
			tab.heard("Hi!")
			tab.say("Hello")
			tab.heard("You said: Hello")
			eval[any](tab, contrastScript+`, DarkReader.setFetchMethod(fetch), DarkReader.enable({})`)
			tab.wait(`document.querySelector("style.darkreader")`)
			if name != "an attribute" { // with which the extension leaves the chat as it is
				tab.wait(`getComputedStyle(` + part("panel") + `).backgroundColor != "rgb(255, 255, 255)"`) // the extension has processed the chat's style sheets
			}
			for _, pair := range [][2]string{
				{`[part=heading]`, `[part=header]`}, {`[part=launcher]`, `[part=launcher]`}, {`[part=send]`, `[part=send]`}, {`[part=input]`, `[part=panel]`},
				{`[data-from=visitor] [part=bubble]`, `[data-from=visitor] [part=bubble]`}, {`[data-from=agent] [part=bubble]`, `[data-from=agent] [part=bubble]`},
			} {
				contrast := fmt.Sprintf(`document.contrast(%[1]s.querySelector("%[2]s"), %[1]s.querySelector("%[3]s"))`, root, pair[0], pair[1])
				if !suite.Poll(patience, func() bool { return eval[float64](tab, contrast) >= accent.least }) {
					t.Errorf("%s has a contrast of %.2f", pair[0], eval[float64](tab, contrast))
				}
			}
			tab.picture("recoloured page, " + name)
		})
	}
}
