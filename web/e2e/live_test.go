package e2e

import (
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// TestWebAssemblyIsFetchedOnce checks that the WebAssembly is requested once, and also while the server does not answer
// the socket: the download waits for a greeting only as long as start.js took.
func TestWebAssemblyIsFetchedOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.flow.HangDials(true)
	s.page("/", s.tag(""))
	tab := chromium.visitor(t).open("about:blank")
	requested := recordRequests(tab)
	tab.open(s.URL + "/")
	tab.wait(visible(part("launcher")))
	tab.click(part("launcher"))
	wasm := s.URL + "/" + dist.Engine().Name
	if !suite.Poll(patience, func() bool { return slices.Contains(requested(), wasm) }) {
		t.Fatalf("requested %v", requested())
	}
	s.flow.HangDials(false)
	tab.online()
	times := 0
	for _, url := range requested() {
		if url == wasm {
			times++
		}
	}
	if times != 1 {
		t.Errorf("the WebAssembly was requested %d times", times)
	}
}

// startModule returns the file name of start.js.
func startModule(t *testing.T) string {
	t.Helper()
	for _, f := range dist.Files {
		if strings.HasPrefix(f.Name, "plura-chat-start-") {
			return f.Name
		}
	}
	t.Fatal("there is no start module")
	return ""
}

// TestOpenIsToldOnce checks that the page gets one open event for a panel that the facade opened.
func TestOpenIsToldOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.wait(visible(part("launcher")))
	tab.recordEvents()
	tab.launch()
	tab.say("Hello")
	tab.said("Hello")
	log := tab.events()
	if n := len(slices.DeleteFunc(slices.Clone(log), func(line string) bool { return line != "open" })); n != 1 {
		t.Errorf("open was told %d times in %q", n, log)
	}
}

// TestLiveEndpointsAndStorage checks that the conversation and the draft are kept when the page changes the attributes
// for the socket URL, reconnecting and the storage.
func TestLiveEndpointsAndStorage(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.launch()
	tab.say("Before")
	tab.heard("You said: Before")
	for _, change := range []string{
		`setAttribute("socket-url", e.getAttribute("socket-url").replace("127.0.0.1", "localhost"))`,
		`setAttribute("reconnect", "false")`,
		`setAttribute("storage", "session")`,
		`setAttribute("storage", "none")`,
		`removeAttribute("storage")`,
	} {
		tab.wait(focused("input"))
		tab.press("Half")
		eval[any](tab, `(e => { e.panel = e.shadowRoot.querySelector("[part~=panel]"); e.`+change+`; })(document.querySelector("plura-chat"))`)
		tab.wait(`document.querySelector("plura-chat").panel != ` + part("panel"))
		tab.online()
		tab.heard("You said: Before")
		tab.wait(focused("input"))
		if got := tab.composer().Value; got != "Half" {
			t.Errorf("%s: the composer holds %q", change, got)
		}
		tab.say(" a word")
		tab.said("Half a word")
		where := eval[string](tab, `[localStorage, sessionStorage].map(area => "plura-chat:`+flow+`" in area).join()`)
		want := "true,false"
		if strings.Contains(change, "session") {
			want = "false,true"
		} else if strings.Contains(change, "none") {
			want = "false,false"
		}
		if where != want {
			t.Errorf("%s: stored in localStorage, sessionStorage: %s, want %s", change, where, want)
		}
		if n := len(s.flow.Sessions()); n != 1 {
			t.Errorf("%s: %d sessions, want 1", change, n)
		}
	}
}
