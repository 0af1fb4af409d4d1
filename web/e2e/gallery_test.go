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
)

// shotsDir is where the gallery's pictures go.
var shotsDir = filepath.Join("shots", "gallery")

//go:embed gallery_geometry.js
var geometry string

// newGallery serves the gallery of the dist that is tested, and stops it with the test.
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

// look is how a state is looked at.
type look struct {
	name          string
	width, height int64
	scale         float64 // device pixels to a CSS pixel
	touch         bool
	quick         bool     // nothing that axe-core would see differs from another look
	rules         []string // of axe-core, that may find what they do not in another look; nil: all
	theme         string
	media         map[string]string // features emulated
}

// looks are taken one after the other of the same page, as a visitor turns a phone or a system goes dark. Those of
// one theme follow each other: a changed attribute makes a chat that could not be loaded try again.
var looks = []look{
	{name: "light", width: 560, height: 760, theme: "light"},
	{name: "forced", width: 560, height: 760, rules: seen, theme: "light", media: map[string]string{"forced-colors": "active", "prefers-reduced-motion": "reduce"}},
	{name: "zoomed", width: 640, height: 512, rules: seen, scale: 2, theme: "light"},
	{name: "phone", width: 390, height: 760, scale: 2, touch: true, theme: "light"},
	{name: "dark", width: 560, height: 760, rules: seen, theme: "dark"},
	{name: "landscape", width: 760, height: 360, touch: true, quick: true, theme: "dark"},
}

// seen are axe-core's rules about what style sheets do. The others ask for the nodes and their attributes, which are
// the same on every wide screen.
var seen = []string{"color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"}

// rtl is how Arabic is looked at, on a page of its own.
var rtl = []look{
	{name: "rtl", width: 560, height: 760, theme: "light"},
	{name: "rtl-phone", width: 390, height: 760, scale: 2, touch: true, quick: true, theme: "dark"},
}

// frame opens a state in a tab of its own, and returns once it is reached.
func (v *visitor) frame(base, state string, query url.Values) *tab {
	v.t.Helper()
	b := v.open("about:blank")
	b.frame(base, state, query)
	return b
}

// frame opens a state, and returns once it is reached.
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

// emulate gives the tab the screen and the system of a look.
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

// as shows a state in another way. What moves is at its end, or at its beginning where it has none.
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

// straight fails the test for what is not where it should be.
func (b *tab) straight(when string, touch bool) {
	b.t.Helper()
	for _, wrong := range eval[[]string](b, fmt.Sprintf("(%s)(%t)", strings.TrimRight(strings.TrimSpace(geometry), ";"), touch)) {
		b.t.Errorf("%s: %s", when, wrong)
	}
}

// accessible fails the test for what axe-core finds by its rules; without any: by all that it has on by itself.
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

// inspect looks at the state that the tab shows in several ways.
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

// TestGallery looks at every state in every way. The pictures are in shots/gallery, where index.html shows them side
// by side; with CONTACT_SHEETS=1, there are pictures of them too.
func TestGallery(t *testing.T) {
	axe := readAxe(t)
	g, s := newGallery(t)
	if err := os.RemoveAll(shotsDir); err != nil {
		t.Fatal(err)
	}
	wide := func(l look) bool { return !l.touch }
	// A tab goes from one state to the next, because opening one costs more than most states do. No two states have
	// a flow in common, so they share nothing that is stored.
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

// TestGalleryAccents holds the contrast of unusual accents to the standard.
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

// TestGalleryLanguages has the wordiest states in every language on the narrowest screen.
func TestGalleryLanguages(t *testing.T) {
	_, s := newGallery(t)
	narrow := look{name: "narrow", width: 320, height: 640, scale: 2, touch: true, theme: "light"}
	for _, lang := range []string{"ar", "de", "es", "fr", "he", "hi", "it", "ja", "ko", "nl", "pl", "pt", "tr", "zh"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			v := chromium.visitor(t)
			for _, state := range []string{"prechat-errors", "menu"} {
				b := v.frame(s.URL, state, url.Values{"lang": {lang}})
				b.as(narrow)
				b.pictureAs("language-"+lang, state)
				b.straight(state, true)
				b.close()
			}
		})
	}
}

// pictureAs keeps what the tab looks like, for the index.
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

// writeIndex makes a page of all pictures: a row for each state, a column for each look.
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

// contactSheet puts the pictures of a look side by side, a few to a sheet.
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
