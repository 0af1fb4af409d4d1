package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

const (
	// greenIcon is a green square of an unusual size.
	greenIcon = `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path fill='lime' d='M0 0h9v9H0z'/></svg>`

	launcherName = `.getAttribute("aria-label")`
)

// icons is an expression for which icons the launcher shows: its own, that of the site owner, or none.
var icons = `(launcher => [getComputedStyle(launcher, "::before").content != "none" && getComputedStyle(launcher, "::before").display != "none" && "own",
	` + visible(`launcher.querySelector("img")`) + ` && "owner's"].filter(String).filter(Boolean).join())(` + part("launcher") + `)`

// TestFeatureLauncherText checks the text beside the icon and the launcher's name.
func TestFeatureLauncherText(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", s.tag(`data-launcher-text=" Ask a roofer "`)))
	text := part("launcher-text")
	tab.wait(visible(text))
	name := func(want string) {
		t.Helper()
		tab.wait(fmt.Sprintf(`%s%s == %q`, part("launcher"), launcherName, want))
	}
	name("Ask a roofer")
	if got := eval[string](tab, icons); got != "own" {
		t.Errorf("it shows the icon: %s", got)
	}
	tab.picture("launcher with a text")
	const box = `(({ width, height, right, bottom }) => [width, height, innerWidth - right, innerHeight - bottom].join())`
	if got := eval[string](tab, `(([width, ...rest]) => [width > 150, ...rest].join())(`+box+`(`+part("launcher")+`.getBoundingClientRect()).split(",").map(Number))`); got != "true,56,20,20" {
		t.Errorf("wide, height, and distances from the corner: %s", got)
	}
	set := func(attribute, value string) {
		t.Helper()
		eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute(%q, %q)`, attribute, value))
	}
	set("launcher-label", "Talk to us")
	name("Ask a roofer, Talk to us")
	set("launcher-label", "You can ask a roofer here")
	name("You can ask a roofer here")
	set("launcher-label", "")
	name("Ask a roofer")

	// An open chat shows the icon that closes it.
	tab.launch()
	tab.wait(`!` + visible(text))
	if got := eval[string](tab, box+`(`+part("launcher")+`.getBoundingClientRect())`); got != "56,56,20,20" {
		t.Errorf("width, height and distances of the launcher of an open chat: %s", got)
	}
	if got := eval[string](tab, icons); got != "own" {
		t.Errorf("an open chat shows the icon: %s", got)
	}
	name("Close chat")
	tab.click(part("launcher"))
	tab.wait(visible(text))
	name("Ask a roofer")

	// The number of unread messages is beside the text.
	if err := s.flow.Push(s.flow.Sessions()[0], protocoltest.Reply{Text: "Are you there?"}); err != nil {
		t.Fatal(err)
	}
	tab.wait(visible(part("badge")))
	name("Ask a roofer, 1 unread message")
	if !eval[bool](tab, `((a, b) => a.right <= b.left || a.left >= b.right || a.bottom <= b.top)(`+part("badge")+`.getBoundingClientRect(), `+text+`.getBoundingClientRect())`) {
		t.Error("the badge covers the text")
	}
	tab.picture("launcher with a text and a badge")
	tab.size(399, 700)
	tab.wait(`!` + visible(text))
	if got := eval[string](tab, box+`(`+part("launcher")+`.getBoundingClientRect())`); got != "56,56,20,20" {
		t.Errorf("width, height and distances of the launcher on a phone: %s", got)
	}
	tab.size(400, 700)
	tab.wait(visible(text))

	eval[any](tab, `document.querySelector("plura-chat").removeAttribute("launcher-text")`)
	tab.wait(`!` + text + ` && ` + part("launcher") + `.matches(":empty")`)
	name("Open chat, 1 unread message")
}

// TestFeatureLauncherTextElsewhere checks the text from right to left, where it needs two lines, beside an iframe, and
// where the page has its own launcher.
func TestFeatureLauncherTextElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", s.tag(`data-lang=ar data-launcher-text="اسأل خبير الأسقف الآن"`)))
	text, launcher := part("launcher-text"), part("launcher")
	tab.wait(visible(text))
	tab.wait(launcher + launcherName + ` == "اسأل خبير الأسقف الآن"`)
	tab.picture("launcher with a text from right to left")
	if !eval[bool](tab, `((a, b) => b.left == 20 && a.right < b.right - 40)(`+text+`.getBoundingClientRect(), `+launcher+`.getBoundingClientRect())`) {
		t.Error("the icon is not at the right of the text, in the left corner")
	}

	tab = chromium.visitor(t).open(s.page("/", s.tag(`data-launcher-text="WWWWWWWWWWWW WWWWWWWWWWW"`)))
	tab.wait(visible(text))
	tab.size(400, 700)
	eval[any](tab, `(root => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync("* { font-size: 32px !important }");
		root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	})(`+root+`)`)
	if got := eval[string](tab, `(({ left, right, width, height }) => [left, innerWidth - right, height > 56].join())(`+launcher+`.getBoundingClientRect()) + (`+text+`.scrollWidth > `+text+`.clientWidth)`); got != "20,20,truefalse" {
		t.Errorf("of an enlarged text: distances, whether it is higher, and whether it is cut: %s", got)
	}
	tab.picture("launcher with an enlarged text")

	tab = chromium.visitor(t).open(s.page("/", `<button id=ask aria-label="Our own">Ask</button>`+s.tag(`data-launcher="#ask" data-launcher-text="Ask us" data-launcher-icon="`+greenIcon+`" data-teaser="1ms"`)))
	tab.wait(visible(part("teaser"))) // as a sign that modules are there
	if !eval[bool](tab, launcher+`.hidden && document.querySelector("#ask").getAttribute("aria-label") == "Our own" && document.querySelector("#ask").childNodes.length == 1`) {
		t.Error("the page's own launcher has changed")
	}
	eval[any](tab, `document.querySelector("plura-chat").setAttribute("launcher", "Default")`)
	tab.wait(visible(text))
	tab.wait(icons + ` == "owner's"`)

	s = newSite(t, protocoltest.Options{})
	tab, _ = framedPage(t, chromium, s, s.URL, `data-launcher-text="Ask us"`)
	tab.wait(visible(text))
	tab.launch()
	tab.wait(part("panel") + `?.localName == "iframe" && !` + visible(text))
	tab.wait(launcher + launcherName + ` == "Close chat"`)
	tab.click(launcher)
	tab.wait(visible(text))
	tab.wait(launcher + launcherName + ` == "Ask us"`)
}

// TestFeatureLauncherIcon checks that the icon is shown once it has loaded, and the default one otherwise.
func TestFeatureLauncherIcon(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		tab := e.visitor(t).open(s.page("/", s.tag(`data-launcher-icon="`+greenIcon+`"`)))
		tab.wait(icons + ` == "owner's"`)
		if got := eval[string](tab, `(({ alt, referrerPolicy, width, height }) => [alt, referrerPolicy, width, height].join())(`+part("launcher-icon")+`)`); got != ",no-referrer,28,28" {
			t.Errorf("alternative text, referrer policy, width and height: %s", got)
		}
		tab.picture("launcher with an icon " + e.Name)
		tab.launch()
		tab.wait(icons + ` == "own"`)
		tab.wait(part("launcher") + launcherName + ` == "Close chat"`)
		tab.click(part("launcher"))
		tab.wait(icons + ` == "owner's"`)
		set := func(value string) {
			eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute("launcher-icon", %q)`, value))
		}
		set("https://127.0.0.1:1/none.png") // where no server is
		tab.wait(icons + ` == "own"`)
		set(greenIcon)
		tab.wait(icons + ` == "owner's"`)
		eval[any](tab, `document.querySelector("plura-chat").removeAttribute("launcher-icon")`)
		tab.wait(icons + ` == "own" && ` + part("launcher") + `.matches(":empty")`)
	})
}

// TestFeatureLauncherWarnings checks that each bad value leads to one line, and is not used.
func TestFeatureLauncherWarnings(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.page("/", s.tag(`data-launcher-text="A text of twenty-five ch." data-launcher-icon="http://example.com/a.png"`)))
	tab.launch()
	const allowed = ` is not used; allowed: an https: URL, or a data: URL of an image (png, jpeg, gif, webp, svg+xml)`
	want := []string{
		`warning: plura-chat: attribute launcher-icon "http://example.com/a.png"` + allowed,
		`warning: plura-chat: attribute launcher-text "A text of twenty-five ch." is not used; allowed: at most 24 characters`,
	}
	if !suite.Poll(patience, func() bool { return len(console()) > 1 }) {
		t.Fatalf("the console has only %q", console())
	}
	for _, value := range []string{"javascript:alert(1)", "data:text/html,<svg>", "/icon.svg"} {
		eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute("launcher-icon", %q)`, value))
		line := `warning: plura-chat: attribute launcher-icon "` + value + `"` + allowed
		if !suite.Poll(patience, func() bool { return slices.Contains(console(), line) }) {
			t.Errorf("the console has no line %q", line)
		}
		want = append(want, line)
	}
	got := slices.Sorted(slices.Values(console()))
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("the console has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if !eval[bool](tab, part("launcher")+`.matches(":empty")`) {
		t.Error("the launcher has contents")
	}
}
