package hosting

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

const flow = "87f66d6d-dba9-4a44-9274-02c6927a083a"

// page is a page with the widget, in a tab of Chromium.
type page struct {
	browser.Tab
	t *testing.T
}

// body returns the page of a site owner. script is the address of the widget, and socket that of the service. The page
// collects what the console says.
func body(script, socket string) string {
	return fmt.Sprintf(`<!doctype html><html lang=en><meta charset=utf-8><title>A page</title><link rel=icon href=data:,>
<script>document.said = []; console.error = (...words) => document.said.push(words.join(" "));</script>
<script async src="%s" data-flow-id="%s" data-socket-url="%s" data-session-url="http%[4]s/webchat/session"></script>`,
		script, flow, socket, strings.TrimPrefix(socket, "ws"))
}

// owner starts the web server of a site owner, which has one page and none of the widget's files.
func owner(t *testing.T, script, socket string) (url string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, body(script, socket))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// service starts a test server of the service. The test fails if a client has broken the protocol.
func service(t *testing.T, options protocoltest.Options) *protocoltest.Server {
	t.Helper()
	s := protocoltest.NewServer(options)
	t.Cleanup(func() {
		s.Close()
		for _, violation := range s.Violations() {
			t.Errorf("the client broke the protocol: %s", violation)
		}
	})
	return s
}

// visit opens a page as a new visitor does. It skips the test without Chromium, or fails it if CI is "true".
func visit(t *testing.T, url string) *page {
	t.Helper()
	b, err := chromium()
	if errors.Is(err, browser.ErrMissing) && os.Getenv("CI") != "true" {
		t.Skipf("Chromium is not here: %v", err)
	}
	if err != nil {
		t.Fatalf("Chromium (required in CI): %v", err)
	}
	v, err := b.Visit()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Errorf("ending the visit: %v", err)
		}
	})
	tab, err := v.Tab()
	if err != nil {
		t.Fatal(err)
	}
	if err := tab.Open(url); err != nil {
		t.Fatalf("opening %s: %v", url, err)
	}
	return &page{tab, t}
}

// part returns an expression for the first element of the widget with that part.
func part(name string) string {
	return `document.querySelector("plura-chat")?.shadowRoot?.querySelector("[part~=` + name + `]")`
}

// wait returns once an expression is true.
func (p *page) wait(condition string) {
	p.t.Helper()
	var err error
	if !suite.Poll(patience, func() bool {
		var value []byte
		value, err = browser.Evaluate(p, "Boolean("+condition+")")
		return string(value) == "true"
	}) {
		state, _ := browser.Evaluate(p, `[PluraChat.state, document.said]`) // described as far as it can be
		p.t.Fatalf("waited in vain for %s (last error: %v)\nthe widget: %s", condition, err, state)
	}
}

// launch clicks the launcher.
func (p *page) launch() {
	p.t.Helper()
	p.wait(part("launcher") + `?.getClientRects().length`)
	value, err := browser.Evaluate(p, `(({x, y, width, height}) => [x + width / 2, y + height / 2])(`+
		part("launcher")+`.getBoundingClientRect())`)
	if err != nil {
		p.t.Fatal(err)
	}
	var x, y float64
	if _, err := fmt.Sscanf(string(value), "[%f,%f]", &x, &y); err != nil {
		p.t.Fatalf("the launcher is at %s: %v", value, err)
	}
	if err := p.Click(x, y); err != nil {
		p.t.Fatalf("clicking the launcher: %v", err)
	}
}

// ask sends a text and waits for its answer.
func (p *page) ask(text string) {
	p.t.Helper()
	p.wait(`PluraChat.state == "online"`)
	if _, err := browser.Evaluate(p, fmt.Sprintf(`PluraChat.send(%q).then(() => null)`, text)); err != nil {
		p.t.Fatalf("sending %q: %v", text, err)
	}
	p.wait(part("log") + fmt.Sprintf(`.textContent.includes("You said: %s")`, text))
}

// quietly fails the test if the console has an error.
func (p *page) quietly() {
	p.t.Helper()
	if said, err := browser.Evaluate(p, `document.said`); err != nil || string(said) != "[]" {
		p.t.Errorf("the console says %s (error: %v)", said, err)
	}
}

// documented returns the row of a server in the table of web/docs/hosting.md: the bytes of a page view, and the cost of
// a page view with a chat.
func documented(t *testing.T, name string) (view int, chat cost) {
	t.Helper()
	text, err := os.ReadFile("../../docs/hosting.md")
	if err != nil {
		t.Fatal(err)
	}
	expression := `(?m)^\| ` + regexp.QuoteMeta(name) + ` \| ([\d,]+) \| ([\d,]+) \| (\d+) \| (\d+) \|$`
	row := regexp.MustCompile(expression).FindStringSubmatch(string(text))
	if row == nil {
		t.Fatalf("hosting.md has no row for %s", name)
	}
	var n [4]int
	for i := range n {
		if n[i], err = strconv.Atoi(strings.ReplaceAll(row[i+1], ",", "")); err != nil {
			t.Fatal(err)
		}
	}
	return n[0], cost{n[1], n[2], n[3]}
}

// compare fails the test unless a page view and a chat cost about what web/docs/hosting.md says. Files differ a little
// from build to build. least is the share of the documented bytes that a chat costs at least. measure holds a chat with
// a meter that waits for that long.
//
// A slow machine may take longer between two requests of one round, which the meter then counts as two. It never counts
// too few. So if there are too many rounds, compare measures again with more time.
func compare(t *testing.T, name string, least float64, measure func(quiet time.Duration) (seen, used cost)) {
	t.Helper()
	view, chat := documented(t, name)
	var seen, used cost
	for _, quiet := range []time.Duration{1500 * time.Millisecond, 3 * time.Second, 9 * time.Second} {
		seen, used = measure(quiet)
		t.Logf("page view %+v, with a chat %+v", seen, used)
		if used.rounds <= chat.rounds {
			break
		}
	}
	between := func(bytes, documented int, least float64) bool {
		share := float64(bytes) / float64(documented)
		return share > least && share < 1.05
	}
	if !between(seen.bytes, view, 0.95) || !between(used.bytes, chat.bytes, least) ||
		used.requests != chat.requests || used.rounds != chat.rounds {
		t.Errorf("hosting.md says %d bytes, and %+v with a chat", view, chat)
	}
}

// costs holds a chat on a page. It returns what the page view has cost, and what it has with the chat.
func (p *page) costs(m *meter) (seen, used cost) {
	p.t.Helper()
	p.wait(part("launcher") + `?.getClientRects().length`)
	seen = m.idle(p.t)
	p.launch()
	p.ask("hello")
	p.quietly()
	return seen, m.idle(p.t)
}

// TestChats opens a chat on a page of another origin, with the files of each server. It compares what the visitor has
// got from the server with the table of web/docs/hosting.md.
func TestChats(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s server, url string) {
		compare(t, s.name, 0.95, func(quiet time.Duration) (seen, used cost) {
			m := newMeter(t, strings.TrimPrefix(url, "http://"), quiet)
			p := visit(t, owner(t, "http://"+m.addr+"/"+build.LoaderName, service(t, protocoltest.Options{}).SocketURL()))
			return p.costs(m)
		})
	})
}

// TestWorstServer opens a chat from a server that does the least. On a page of the same origin, the chat works: the
// widget fetches the gzip file itself.
func TestWorstServer(t *testing.T) {
	t.Parallel()
	r := worst(body(build.LoaderName, service(t, protocoltest.Options{}).SocketURL())).run(t)
	// How much of the uncompressed file comes before the widget cancels it depends on the system's buffers.
	compare(t, "the worst server, with the page itself", 0.2, func(quiet time.Duration) (seen, used cost) {
		m := newMeter(t, r.addr, quiet)
		p := visit(t, "http://"+m.addr+"/index.html")
		seen, used = p.costs(m)
		zipped, err := browser.Evaluate(p,
			`performance.getEntriesByType("resource").filter(({name}) => name.endsWith(".wasm.gz")).length`)
		if err != nil || string(zipped) != "1" {
			t.Errorf("the gzip file was requested %s times (error: %v)", zipped, err)
		}
		return seen, used
	})
}

// TestWorstServerElsewhere opens a chat from such a server on a page of another origin. The browser gives the widget's
// other files to no page of another origin. The visitor reads that the chat could not load, and the console names the
// file, for the site owner.
func TestWorstServerElsewhere(t *testing.T) {
	t.Parallel()
	r := worst("").run(t)
	p := visit(t, owner(t, "http://"+r.addr+"/"+build.LoaderName, service(t, protocoltest.Options{}).SocketURL()))
	p.launch()
	p.wait(part("notice") + `?.textContent.includes("The chat could not load.")`)
	p.wait(fmt.Sprintf(`document.said.some(line => line.includes("could not load http://%s/plura-chat-start-"))`, r.addr))
	said, err := browser.Evaluate(p, `document.said`)
	t.Logf("the console says %s (error: %v)", said, err)
}
