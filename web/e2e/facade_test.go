package e2e

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
)

// The maximum sizes of what a page view and a first conversation download, in bytes after compression by brotli.
const (
	loaderLimit = 4_000
	wasmLimit   = 600_000
	restLimit   = 20_000 // all that a first conversation downloads, without the WebAssembly
)

func TestSizes(t *testing.T) {
	rest, words, aside := 0, 0, 0
	for _, s := range sizes {
		switch {
		case s.Name == dist.Loader().Name || s.Name == startModule(t):
			rest += s.Brotli
		case strings.HasPrefix(s.Name, "plura-chat-aside-"):
			aside = s.Brotli // which pages in languages other than English fetch too
		case strings.HasPrefix(s.Name, "plura-chat-names-"): // which only a crash fetches
		case strings.HasSuffix(s.Name, ".json") && strings.HasPrefix(s.Name, "plura-chat-"):
			words = max(words, s.Brotli) // of the largest language
		}
		t.Logf("%9d bytes, %7d by brotli: %s", s.Raw, s.Brotli, s.Name)
		if s.Name == dist.Loader().Name && s.Brotli > loaderLimit {
			t.Errorf("the loader is %d bytes by brotli, at most %d are allowed", s.Brotli, loaderLimit)
		}
		if s.Name == dist.Engine().Name && s.Brotli > wasmLimit {
			t.Errorf("the WebAssembly is %d bytes by brotli, at most %d are allowed", s.Brotli, wasmLimit)
		}
	}
	if words == 0 || aside == 0 {
		t.Errorf("the words have %d bytes, and the module aside %d", words, aside)
	}
	rest += aside
	t.Logf("%9s  %7d by brotli: all that a first conversation downloads, without the WebAssembly", "", rest+words)
	if rest+words > restLimit {
		t.Errorf("a first conversation downloads %d bytes beside the WebAssembly, at most %d are allowed", rest+words, restLimit)
	}
}

// TestNothingButTheLoaderBeforeIntent checks that a page view fetches nothing but the loader and shows the launcher,
// until the visitor uses it.
func TestNothingButTheLoaderBeforeIntent(t *testing.T) {
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	s.page("/", s.tag("")+"<h1>Roofs</h1>")
	tab := chromium.visitor(t).open("about:blank")
	requested := recordRequests(tab)
	tab.open(s.URL + "/")

	tab.wait(visible(part("launcher")))
	if name := eval[string](tab, part("launcher")+`.getAttribute("aria-label")`); name != "Open chat" {
		t.Errorf("the launcher's name is %q", name)
	}
	if expanded := eval[string](tab, part("launcher")+`.getAttribute("aria-expanded")`); expanded != "false" {
		t.Errorf("the launcher says aria-expanded=%q", expanded)
	}
	if !eval[bool](tab, `(() => { const box = `+part("launcher")+`.getBoundingClientRect();
		return box.width >= 44 && box.height >= 44 && box.right <= innerWidth && box.bottom <= innerHeight; })()`) {
		t.Error("the launcher is not on the screen")
	}
	// Wait until the page is idle, when a deferred script would run.
	eval[any](tab, `new Promise(done => requestIdleCallback(() => setTimeout(done, 300)))`)
	want := []string{s.URL + "/", s.URL + "/watch.js", s.URL + "/plura-chat.js"}
	if got := requested(); !slices.Equal(got, want) {
		t.Errorf("the page requested %v, want %v", got, want)
	}
	if n := s.flow.Dials(); n != 0 {
		t.Errorf("%d sockets were opened", n)
	}
}

// recordRequests returns a function that returns the URLs that the tab has requested since the call of recordRequests.
func recordRequests(b *tab) func() []string {
	b.t.Helper()
	var mu sync.Mutex
	var urls []string
	err := chromedp.Listen(b.chromedp(), func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSent); ok && !strings.HasPrefix(sent.Request.URL, "data:") {
			mu.Lock()
			defer mu.Unlock()
			urls = append(urls, sent.Request.URL)
		}
	})
	if err != nil {
		b.t.Fatalf("listening to the tab: %v", err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(urls)
	}
}

// TestEventsWithoutDetail checks the events of which the types say that their detail is null.
func TestEventsWithoutDetail(t *testing.T) {
	t.Parallel()
	for name, attributes := range map[string]string{"on the page": "", "in an iframe": "data-frame"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open(s.page("/", `<script>
				document.details = {};
				for (const name of ["ready", "open", "close", "reset"]) {
					addEventListener("plura-chat:" + name, ({detail}) => document.details[name] = detail);
				}
			</script>`+s.tag(attributes)))
			for _, call := range []struct{ method, event string }{{"open", "ready"}, {"close", "close"}, {"open", "open"}, {"reset", "reset"}} {
				eval[any](tab, `(PluraChat.`+call.method+`(), 0)`)
				tab.wait(`"` + call.event + `" in document.details`)
			}
			if got := eval[string](tab, `JSON.stringify(Object.values(document.details))`); got != "[null,null,null,null]" {
				t.Errorf("the details are %s", got)
			}
		})
	}
}
