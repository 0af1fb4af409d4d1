package e2e

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"plurachat/web/build"
	"plurachat/web/gallery"
	"plurachat/web/preview"
	"plurachat/widget/words"
)

// shotsDir is the folder to which the gallery's pictures are written.
var shotsDir = filepath.Join("shots", "gallery")

//go:embed gallery_geometry.js
var geometry string

// newGallery serves the gallery with the dist under test, until the test ends.
func newGallery(t *testing.T) (*gallery.Gallery, *httptest.Server) {
	t.Helper()
	root, err := build.FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	files := preview.Files(dist, compressor)
	g := gallery.New(root, files)
	mux := http.NewServeMux()
	mux.Handle("/", files)
	mux.Handle("/gallery/", g)
	s := httptest.NewServer(mux)
	t.Cleanup(func() {
		g.Close()
		s.Close()
	})
	return g, s
}

// look is a screen, a theme and system settings with which a state is shown.
type look struct {
	name          string
	width, height int64
	scale         float64 // device pixels to a CSS pixel
	touch         bool
	quick         bool     // do not run axe-core, which would find the same as in another look
	rules         []string // the rules of axe-core to run, whose results differ from those in another look; nil: all
	theme         string
	media         map[string]string // emulated media features
}

// looks are applied to the same page in this order, as if a visitor turned a phone or the system changed its theme. The
// looks of one theme are consecutive, because a chat that could not be loaded tries again when an attribute changes.
var looks = []look{
	{name: "light", width: 560, height: 760, theme: "light"},
	{name: "forced", width: 560, height: 760, rules: seen, theme: "light", media: map[string]string{"forced-colors": "active", "prefers-reduced-motion": "reduce"}},
	{name: "zoomed", width: 640, height: 512, rules: seen, scale: 2, theme: "light"},
	{name: "phone", width: 390, height: 760, scale: 2, touch: true, theme: "light"},
	{name: "tablet", width: 820, height: 1180, scale: 2, touch: true, quick: true, theme: "light"},
	{name: "dark", width: 560, height: 760, rules: seen, theme: "dark"},
	{name: "landscape", width: 760, height: 360, touch: true, quick: true, theme: "dark"},
}

// seen are the rules of axe-core whose results depend on style sheets. The other rules check nodes and attributes,
// which are the same in every wide look.
var seen = []string{"color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"}

// rtl are the looks in Arabic, which are applied to a page of their own.
var rtl = []look{
	{name: "rtl", width: 560, height: 760, theme: "light"},
	{name: "rtl-phone", width: 390, height: 760, scale: 2, touch: true, quick: true, theme: "dark"},
}

// frame opens a state of the gallery in a new tab, and returns once the state is reached.
func (v *visitor) frame(base, state string, query url.Values) *tab {
	v.t.Helper()
	b := v.open("about:blank")
	b.frame(base, state, query)
	return b
}

// frame opens a state of the gallery, and returns once the state is reached.
func (b *tab) frame(base, state string, query url.Values) {
	b.t.Helper()
	if query == nil {
		query = url.Values{}
	}
	query.Set("state", state)
	if !query.Has("theme") {
		query.Set("theme", "light")
	}
	b.open(base + "/gallery/frame?" + query.Encode())
	b.wait(`["ready", "error"].some(name => name in document.documentElement.dataset)`)
	if wrong := eval[string](b, `document.documentElement.dataset.error ?? ""`); wrong != "" {
		b.t.Fatalf("state %s was not reached: %s\nthe widget: %s", state, wrong, b.state())
	}
}

// emulate sets the tab's screen, touch input and media features to those of a look.
func (b *tab) emulate(l look) {
	b.t.Helper()
	if l.scale == 0 {
		l.scale = 1
	}
	ctx := b.chromedp()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: l.width, Height: l.height, DeviceScaleFactor: l.scale, Mobile: l.touch,
	})
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: l.touch})
	}
	var features []*emulation.MediaFeature
	for name, value := range map[string]string{"forced-colors": "none", "prefers-reduced-motion": "no-preference"} {
		if emulated := l.media[name]; emulated != "" {
			value = emulated
		}
		features = append(features, &emulation.MediaFeature{Name: name, Value: value})
	}
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
	}
	if err != nil {
		b.t.Fatalf("showing the page as %s: %v", l.name, err)
	}
}

// as applies a look to the state that the tab shows. It moves animations to their end, and pauses endless ones at their
// beginning.
func (b *tab) as(l look) {
	b.t.Helper()
	b.emulate(l)
	eval[bool](b, fmt.Sprintf(`(async () => {
		document.documentElement.dataset.theme = %[1]q;
		const widget = document.querySelector("plura-chat");
		if (widget.getAttribute("theme") !== %[1]q) {
			widget.setAttribute("theme", %[1]q);
		}
		const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
		await frames();
		for (;;) {
			const moving = widget.shadowRoot.getAnimations().filter(a => a.playState === "running");
			if (moving.length === 0) {
				return true;
			}
			for (const a of moving) {
				if (a.effect.getComputedTiming().iterations < Infinity) {
					a.finish();
				} else {
					a.pause();
					a.currentTime = 0;
				}
			}
			await frames();
		}
	})()`, l.theme))
}

// straight fails the test for each node that gallery_geometry.js finds in a wrong place. Failure messages begin with
// when.
func (b *tab) straight(when string, touch bool) {
	b.t.Helper()
	for _, wrong := range eval[[]string](b, fmt.Sprintf("(%s)(%t)", strings.TrimRight(strings.TrimSpace(geometry), ";"), touch)) {
		b.t.Errorf("%s: %s", when, wrong)
	}
}

// accessible fails the test for each violation that axe-core finds. Without rules, it runs all rules that axe-core
// enables by default. Failure messages begin with when.
func (b *tab) accessible(when, axe string, rules ...string) {
	b.t.Helper()
	if !eval[bool](b, `"axe" in window`) {
		eval[bool](b, "(() => {"+axe+"\n; return true; })()")
	}
	options := map[string]any{"resultTypes": []string{"violations"}, "preload": false}
	if len(rules) > 0 {
		options["runOnly"] = map[string]any{"type": "rule", "values": rules}
	}
	given, err := json.Marshal(options)
	if err != nil {
		b.t.Fatal(err)
	}
	type finding struct{ Rule, Help, Node, Why string }
	for _, f := range eval[[]finding](b, `axe.run(document, `+string(given)+`).then(({violations}) => violations.flatMap(v =>
		v.nodes.map(n => ({rule: v.id, help: v.help, node: n.target.flat().join(" ") + " " + n.html.slice(0, 120), why: n.failureSummary}))))`) {
		b.t.Errorf("%s: axe-core: %s (%s)\n\t%s\n\t%s", when, f.Help, f.Rule, f.Node, strings.ReplaceAll(f.Why, "\n", " "))
	}
}

// readAxe returns axe-core's script.
func readAxe(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(npm(t, "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// inspect applies looks to the state that the tab shows. For each look it takes a picture and checks geometry and
// accessibility.
func (b *tab) inspect(state string, looks []look, axe string) {
	b.t.Helper()
	for _, l := range looks {
		b.as(l)
		if state == "lost" {
			b.wait(visible(part("notice"))) // a changed attribute makes the loader try again
		}
		b.pictureAs(state, l.name)
		b.straight(l.name, l.touch)
		if !l.quick {
			b.accessible(l.name, axe, l.rules...)
		}
	}
}

// TestGallery inspects every state in every look. It writes the pictures to shots/gallery, with an index.html that
// shows them side by side. With CONTACT_SHEETS=1 it also writes contact sheets.
func TestGallery(t *testing.T) {
	axe := readAxe(t)
	g, s := newGallery(t)
	if err := os.RemoveAll(shotsDir); err != nil {
		t.Fatal(err)
	}
	wide := func(l look) bool { return !l.touch }
	// Tabs are reused, because opening a tab takes longer than most states. Each state has a flow of its own, so states
	// share nothing in storage.
	v := chromium.visitor(t)
	free := make(chan *tab, 64)
	take := func(t *testing.T) *tab {
		var b *tab
		select {
		case b = <-free:
			b.t = t
		default:
			b = v.open("about:blank")
			b.t = t
			b.emulate(look{width: 560, height: 760})
		}
		t.Cleanup(func() { free <- b })
		return b
	}
	t.Run("states", func(t *testing.T) {
		for _, state := range g.States() {
			t.Run(state, func(t *testing.T) {
				t.Parallel()
				b := take(t)
				for i, looks := range [][]look{looks, rtl} {
					if g.OnPhones(state) {
						looks = slices.DeleteFunc(slices.Clone(looks), wide)
					}
					b.emulate(looks[0])
					b.frame(s.URL, state, url.Values{"lang": {[]string{"en", "ar"}[i]}})
					b.inspect(state, looks, axe)
				}
			})
		}
	})
	writeIndex(t, g.States())
	if os.Getenv("CONTACT_SHEETS") == "1" {
		for _, l := range slices.Concat(looks, rtl) {
			contactSheet(t, l)
		}
	}
}

// TestGalleryHiddenTexts checks that gallery_geometry.js finds nothing wrong with a log whose texts are all hidden.
func TestGalleryHiddenTexts(t *testing.T) {
	t.Parallel()
	_, s := newGallery(t)
	b := chromium.visitor(t).frame(s.URL, "conversation", nil)
	b.as(looks[0])
	eval[any](b, `[...`+part("log")+`.children].forEach(node => { node.style.display = "none"; })`)
	b.straight("hidden texts", false)
}

// TestGalleryAccents checks the contrast of unusual accent colours.
func TestGalleryAccents(t *testing.T) {
	axe := readAxe(t)
	_, s := newGallery(t)
	for _, state := range []string{"conversation", "refused", "unread", "failed", "ask-end"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			b := chromium.visitor(t).frame(s.URL, state, nil)
			for accent, colour := range map[string]string{"yellow": "#ffd400", "black": "black", "white": "#fff", "red": "#e00020", "grey": "#dfe3e8", "middling": "#777"} {
				eval[bool](b, fmt.Sprintf(`(document.querySelector("plura-chat").setAttribute("color", %q), true)`, colour))
				for _, l := range looks {
					if l.name != "light" && l.name != "dark" {
						continue
					}
					b.as(l)
					b.pictureAs("accent-"+accent, state+"-"+l.name)
					b.accessible(accent+", "+l.name, axe, seen...)
				}
			}
		})
	}
}

// buttonLines is an expression for the texts of the buttons that have more than two lines or are cut.
const buttonLines = `[...` + root + `.querySelectorAll("button")].filter(node => {
	const range = document.createRange();
	range.selectNodeContents(node);
	const tops = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
	return node.getClientRects().length && (tops.size > 2 || node.scrollWidth > node.clientWidth + 1);
}).map(node => node.textContent)`

// TestGalleryLanguages checks the layout of the states with the most text, in every language, on the narrowest screen:
// nothing is cut, and no button has more than two lines.
func TestGalleryLanguages(t *testing.T) {
	_, s := newGallery(t)
	narrow := look{name: "narrow", width: 320, height: 640, scale: 2, touch: true, theme: "light"}
	for _, lang := range words.Languages {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			v := chromium.visitor(t)
			for _, state := range []string{"prechat-errors", "menu"} {
				b := v.frame(s.URL, state, url.Values{"lang": {lang}})
				b.as(narrow)
				b.pictureAs("language-"+lang, state)
				b.straight(state, true)
				if tall := eval[[]string](b, buttonLines); len(tall) > 0 {
					t.Errorf("%s: buttons with more than two lines: %q", state, tall)
				}
				b.close()
			}
		})
	}
}

// pictureAs writes a picture of the tab to shotsDir.
func (b *tab) pictureAs(state, how string) {
	b.t.Helper()
	quickly := true
	shot, err := chromedp.Call(b.chromedp(), page.CaptureScreenshot, page.CaptureScreenshotParams{OptimizeForSpeed: &quickly})
	if err != nil {
		b.t.Fatalf("taking a picture: %v", err)
	}
	if err := os.MkdirAll(shotsDir, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(shotsDir, pictureName(state, how)), shot.Data, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func pictureName(state, how string) string { return state + "." + how + ".png" }

// writeIndex writes a page with all pictures: a row for each state and a column for each look.
func writeIndex(t *testing.T, states []string) {
	t.Helper()
	var html strings.Builder
	html.WriteString("<!doctype html><meta charset=utf-8><title>Every state</title>" +
		"<style>body { background: #999; font: 13px sans-serif } tr { vertical-align: top } th { text-align: start } img { width: 380px }</style><table>\n")
	for _, state := range states {
		fmt.Fprintf(&html, "<tr><th>%s", state)
		for _, l := range slices.Concat(looks, rtl) {
			if name := pictureName(state, l.name); exists(filepath.Join(shotsDir, name)) {
				fmt.Fprintf(&html, "<td>%s<br><img loading=lazy src=%q>", l.name, name)
			}
		}
		html.WriteByte('\n')
	}
	if err := os.WriteFile(filepath.Join(shotsDir, "index.html"), []byte(html.String()), 0o644); err != nil {
		t.Error(err)
	}
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// contactSheet writes pictures that show all states in one look, eight on each.
func contactSheet(t *testing.T, l look) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shotsDir, "*."+l.name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.FileServer(http.Dir(shotsDir)))
	defer s.Close()
	b := chromium.visitor(t).open(s.URL)
	number := 0
	for some := range slices.Chunk(files, 8) {
		number++
		var body strings.Builder
		for _, file := range some {
			name := filepath.Base(file)
			fmt.Fprintf(&body, `<figure style="margin:0"><figcaption>%s</figcaption><img width=380 src=%q></figure>`, strings.TrimSuffix(name, ".png"), name)
		}
		b.size(1580, 800)
		height := eval[float64](b, fmt.Sprintf(`(async () => {
			document.body.style = "margin: 8px; background: #999; font: 600 13px sans-serif; display: flex; flex-wrap: wrap; gap: 8px";
			document.body.innerHTML = %q;
			await Promise.all([...document.images].map(image => image.decode()));
			return document.body.scrollHeight + 16;
		})()`, body.String()))
		b.size(1580, int(height))
		b.pictureAs(fmt.Sprintf("sheet-%d", number), l.name)
	}
}
