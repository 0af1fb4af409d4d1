package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// contacts is a value of the attribute.
const contacts = `[{"label": "Call us", "url": "tel:+15551234567"}, {"label": "Write to us", "url": "mailto:roofs@example.com"}, {"label": "Help pages", "url": "https://example.com/help"}]`

// linksIn returns an expression for the links inside an element of the widget that a selector finds.
func linksIn(selector string) string {
	return fmt.Sprintf(`[...(%s?.querySelectorAll(%q) ?? [])].map(a => [a.ariaLabel ?? a.textContent, a.href, a.target, a.rel].join(" "))`, root, selector+" a")
}

// keepLinks is a script of a page. Clicks on links only append the addresses to document.followed.
const keepLinks = `<script>
	document.followed = [];
	addEventListener("click", event => {
		const link = event.composedPath()[0].closest?.("a");
		if (link) {
			event.preventDefault();
			document.followed.push(link.href);
		}
	});
</script>`

// TestFeatureContacts checks the links in the header and in the menu.
func TestFeatureContacts(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", keepLinks+s.element(`expand=on contacts='`+contacts+`'`)))
	tab.launch()
	tab.wait(visible(part("menu-button")) + ` && ` + visible(part("expand")))
	all := []string{"Call us tel:+15551234567  ", "Write to us mailto:roofs@example.com  ", "Help pages https://example.com/help _blank noopener noreferrer"}
	tab.wait(part("contact"))
	if got := eval[[]string](tab, linksIn("[part~=header]")+`.slice(0, 1)`); !slices.Equal(got, all[:1]) {
		t.Errorf("the header has %q", got)
	}
	if size := eval[[2]float64](tab, `(r => [r.width, r.height])(`+part("contact")+`.getBoundingClientRect())`); size != [2]float64{44, 44} {
		t.Errorf("the icon is %v px wide and high", size)
	}
	eval[any](tab, part("contact")+`.focus()`)
	for _, next := range []string{"expand", "menu-button", "close"} {
		tab.press(browser.TabKey)
		tab.wait(focused(next))
	}
	if got := eval[[]string](tab, linksIn("[role=menu]")); !slices.Equal(got, all) {
		t.Errorf("the menu has %q", got)
	}

	// The menu opens with the focus on the first link. Enter and Space follow a link, and the menu closes.
	for i, keys := range []string{browser.Enter, browser.Down + " "} {
		tab.click(part("menu-button"))
		tab.wait(root + `.activeElement == ` + root + `.querySelector("[role=menu] a")`)
		tab.press(keys)
		tab.wait(`!` + visible(part("menu")))
		tab.wait(fmt.Sprintf(`document.followed.length == %d`, i+1))
	}
	tab.click(part("contact"))
	if got, want := eval[string](tab, `document.followed + ""`), "tel:+15551234567,mailto:roofs@example.com,tel:+15551234567"; got != want {
		t.Errorf("followed %s, want %s", got, want)
	}
	// Escape closes the panel, as from any other button.
	eval[any](tab, part("contact")+`.focus()`)
	tab.press(browser.Escape)
	tab.wait(`!` + visible(part("panel")))
}

// TestFeatureContactsValues checks what the attribute may contain, and that the links follow it.
func TestFeatureContactsValues(t *testing.T) {
	t.Parallel()
	const allowed = ` is not used; allowed: [{"label": "…", "url": "…"}], at most 4, labels of at most 40 characters, tel: mailto: sms: https:`
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.page("/", s.element(`contacts='[{"label": "JS", "url": "javascript:alert(1)"}, {"label": "H", "url": "http://a.b"}, {"label": "R", "url": "/help"}, {"label": "No", "url": "tel:"}, 5, {"label": "Text us", "url": "SMS:+1"}]'`)))
	tab.launch()
	tab.wait(linksIn("[role=menu]") + ` == "Text us sms:+1  "`)
	want := []string{`attribute contacts "{"label":"JS","url":"javascript:alert(1)"}, {"label":"H","url":"http://a.b"}, {"…"` + allowed}
	warned(t, console, slices.Clone(want)...)

	set := func(value string) {
		eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute("contacts", %q)`, value))
	}
	set(`{"label": "A", "url": "tel:1"}`)
	tab.wait(`!` + part("contact") + ` && ` + linksIn("[role=menu]") + `.length == 0`)
	want = append(want, `attribute contacts "{"label": "A", "url": "tel:1"}"`+allowed)
	set(`[{"label": "A", "url": "tel:1"}, {"label": "B", "url": "tel:2"}, {"label": "C", "url": "tel:3"}, {"label": "D", "url": "tel:4"}, {"label": "E", "url": "tel:5"}]`)
	tab.wait(part("contact") + `?.ariaLabel == "A" && ` + linksIn("[role=menu]") + `.length == 4`)
	want = append(want, `attribute contacts "{"label":"E","url":"tel:5"}"`+allowed)
	eval[any](tab, `document.querySelector("plura-chat").removeAttribute("contacts")`)
	tab.wait(`!` + part("contact") + ` && ` + linksIn("[role=menu]") + `.length == 0`)
	warned(t, console, want...)
}

// TestFeatureContactsInNotices checks that a notice that the chat cannot be used has all contacts, whoever shows it.
func TestFeatureContactsInNotices(t *testing.T) {
	t.Parallel()
	lists := func(t *testing.T, tab *tab) {
		t.Helper()
		const list = root + `?.querySelector("[part~=notice] > [role=list]")`
		tab.wait(visible(list))
		if got := eval[string](tab, `[`+list+`.ariaLabel, ...`+list+`.querySelectorAll(":scope > [role=listitem] > a[href]")].map(e => e.textContent ?? e)+""`); got != "Other ways to reach us,Call us,Write to us,Help pages" {
			t.Errorf("the notice has %s", got)
		}
		if size := eval[float64](tab, list+`.querySelector("a").getBoundingClientRect().height`); size < 44 {
			t.Errorf("a link is %v px high", size)
		}
	}
	for name, missing := range map[string]string{"start.js": file(t, startModule(t)).Name, "the WebAssembly": dist.Engine().Name} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			s.gone(missing, true)
			s.allow(missing)
			tab := chromium.visitor(t).open(s.page("/", s.tag(`data-contacts='`+contacts+`'`)))
			tab.wait(visible(part("launcher")))
			tab.click(part("launcher"))
			lists(t, tab)
		})
	}
	t.Run("Go", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, protocoltest.Options{})
		s.allow("console.error: plura-chat: ")
		s.flow.FailInits(-1, protocoltest.Failure{Status: 404, Message: "unknown flow"})
		tab := chromium.visitor(t).open(s.page("/", s.tag(`data-contacts='`+contacts+`' data-record='{"phone": "+15551234567"}'`)))
		tab.wait(visible(part("launcher")))
		tab.click(part("launcher"))
		lists(t, tab)
	})
}

// TestFeatureContactsInFrame checks that the contacts can be followed from an iframe. They open in another tab:
// Chromium would show an error in place of the chat, because the page's policy allows no iframe of tel:.
func TestFeatureContactsInFrame(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab, _ := framedPage(t, chromium, s, s.URL, `data-contacts='`+contacts+`'`)
	opened := make(chan string, 10)
	if err := chromedp.Listen(tab.chromedp(), func(event any) {
		if open, ok := event.(*page.EventWindowOpen); ok {
			opened <- open.URL
		}
	}); err != nil {
		t.Fatal(err)
	}
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.clickInFrame("contact")
	select {
	case url := <-opened:
		if url != "tel:+15551234567" {
			t.Errorf("opened %s", url)
		}
	case <-time.After(patience):
		t.Fatal("nothing was opened")
	}
	eval[any](tab, `PluraChat.send("Still there?")`)

	// Without the iframe, the page's own notice has them.
	s = newSite(t, protocoltest.Options{})
	s.gone("frame.html", true)
	s.allow("frame.html")
	tab, _ = framedPage(t, chromium, s, s.URL, `data-contacts='`+contacts+`'`)
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	tab.wait(linksIn("[part~=notice]") + `.length == 3`)
}
