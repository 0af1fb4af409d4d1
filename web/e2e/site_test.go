package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web"
)

// flow is the id of the flow on the tests' pages; the server answers to any.
const flow = "87f66d6d-dba9-4a44-9274-02c6927a083a"

// built is the module's dist as it is published, made once for all tests, and the browser they share.
var (
	dist       *web.Dist
	sizes      []web.Sizes
	compressor = &web.Compressor{Cache: web.CacheDir()}
	browser    context.Context
)

func TestMain(m *testing.M) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code, err := testMain(ctx, m)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func testMain(ctx context.Context, m *testing.M) (int, error) {
	root, err := web.FindRoot(ctx)
	if err != nil {
		return 0, err
	}
	if dist, err = (&web.Recipe{Root: root}).Build(ctx); err != nil {
		return 0, err
	}
	// Compressed beforehand: it takes longer than a page would wait.
	if sizes, err = dist.Sizes(compressor); err != nil {
		return 0, err
	}
	ctx, quit := chromedp.NewExecAllocator(ctx, browserOptions()...)
	defer quit()
	ctx, closeBrowser := chromedp.NewContext(ctx)
	defer closeBrowser()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		return 0, fmt.Errorf("starting the browser (CHROME names another): %w", err)
	}
	browser = ctx
	return m.Run(), nil
}

// browserOptions are chromedp's, and what keeps a browser quiet and running in a container.
func browserOptions() []chromedp.ExecAllocatorOption {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // root has no sandbox to give
	}
	if path := os.Getenv("CHROME"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	return options
}

// site is a site owner's web server: pages, the dist beside them, and a flow to talk to.
type site struct {
	*httptest.Server
	flow *protocoltest.Server

	mu    sync.Mutex
	pages map[string]string
}

// newSite starts a site whose flow behaves by options, and stops it with the test.
func newSite(t *testing.T, options protocoltest.Options) *site {
	t.Helper()
	s := &site{flow: protocoltest.New(options), pages: map[string]string{}}
	files := dist.Handler(compressor)
	mux := http.NewServeMux()
	mux.Handle("/webchat/", s.flow.Handler())
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		page, ok := s.pages[r.URL.Path]
		s.mu.Unlock()
		if !ok {
			files.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		s.flow.Close()
		s.Server.Close()
	})
	return s
}

// page puts a page with that body on the site and returns its URL.
func (s *site) page(path, body string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = "<!doctype html><html lang=en><title>A page</title><link rel=icon href=data:,>" + body
	return s.URL + path
}

// tag is the script tag of a site owner, with more attributes if need be.
func (s *site) tag(attributes string) string {
	socket := "ws" + s.URL[len("http"):]
	return fmt.Sprintf(`<script async src="/plura-chat.js" data-flow-id="%s" data-socket-url="%s" data-session-url="%s/webchat/session" %s></script>`,
		flow, socket, s.URL, attributes)
}

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// newTab opens a tab of a visitor who has never been here, and closes it with the test.
func newTab(t *testing.T) context.Context {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	return ctx
}

// open loads a page in the tab.
func open(t *testing.T, tab context.Context, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatalf("opening %s: %v", url, err)
	}
}

// eval returns the value of an expression in the tab's page.
func eval[T any](t *testing.T, tab context.Context, expression string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// wait returns once an expression in the tab's page is true.
func wait(t *testing.T, tab context.Context, expression string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool]("Boolean("+expression+")")); err != nil {
		t.Fatalf("waiting for %s: %v", expression, err)
	}
}
