package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
)

// What is printed of a page is the page.
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
			tab.wait(part("jump")) // Go has drawn
			print("print")
			tab.wait(shown + ` == 0`)
			print("")
			tab.wait(visible(part("panel")))
		})
	}
}

// A page that is enlarged by its style sheet has all of the panel in the window, and the log scrolls to where it should.
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

// On a small screen, or a large one at 400 %, the field that is wrong is in view.
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
