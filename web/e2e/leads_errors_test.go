package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// errorEvents is a script that appends the widget's error events to an attribute of the document element.
const errorEvents = `<script>addEventListener("plura-chat:error", e => document.documentElement.dataset.errors = (document.documentElement.dataset.errors ?? "") + e.detail.code + ": " + e.detail.message + "\n")</script>`

// leadPage opens a page and submits its pre-chat form. If sessions is not empty, it replaces the flow's session URL.
func leadPage(t *testing.T, s *site, sessions, attributes string) *tab {
	t.Helper()
	tag := s.tag(attributes + ` data-prechat="first_name,phone" data-country="US"`)
	if sessions != "" {
		tag = strings.Replace(tag, s.URL+"/webchat/session", sessions, 1)
	}
	tab := chromium.visitor(t).open(s.page("/", errorEvents+tag))
	tab.openForm()
	tab.fill("first_name", "Ada")
	tab.fill("phone", "(202) 555-0123")
	tab.start()
	return tab
}

// told waits for the notice and returns its text.
func (b *tab) told() string {
	b.t.Helper()
	b.wait(visible(part("notice")))
	if role := eval[string](b, part("notice")+`.getAttribute("role")`); role != "alert" {
		b.t.Errorf("the notice has the role %q", role)
	}
	return eval[string](b, part("notice")+`.querySelector("p").textContent`)
}

// kept fails the test unless the form still holds what was typed.
func (b *tab) kept() {
	b.t.Helper()
	if got := eval[[]string](b, `[`+field("first_name")+`.value, `+field("phone")+`.value]`); fmt.Sprint(got) != "[Ada (202) 555-0123]" {
		b.t.Errorf("the form holds %q", got)
	}
}

// consoleErrors returns what pages have reported, including what they wrote to console.error.
func (s *site) consoleErrors() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.reports, "\n")
}

// TestLeadRefused checks that a record that the server refuses is not sent again automatically. The visitor reads a
// plain sentence, the site owner the server's message. Once the server accepts the record, the same form works.
func TestLeadRefused(t *testing.T) {
	t.Parallel()
	for status, message := range map[int]string{400: "record.phone is not reachable", 401: "no such workspace", 404: "unknown flow", 409: "already in a call"} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
			s.allow("console.error: plura-chat: ")
			s.flow.FailInits(-1, protocoltest.Failure{Status: status, Message: message})
			tab := leadPage(t, s, "", "")
			if told := tab.told(); told != "We couldn’t start the chat with these details. Please check them and try again." {
				t.Errorf("the visitor reads %q", told)
			}
			tab.kept()
			events := eval[string](tab, `document.documentElement.dataset.errors`)
			if want := fmt.Sprintf("session: session initialisation failed with status %d: %s\n", status, message); events != want {
				t.Errorf("error events %q, want %q", events, want)
			}
			tab.settle()
			if log := s.consoleErrors(); !strings.Contains(log, message) || !strings.Contains(log, fmt.Sprint(status)) {
				t.Errorf("the console has %q", log)
			}
			s.flow.FailInits(0, protocoltest.Failure{})
			tab.start()
			tab.heard("Hi Ada!")
			if n := s.flow.Count(protocoltest.Init); n != 2 {
				t.Errorf("%d initialisations, want the visitor's two", n)
			}
			if eval[bool](tab, visible(part("notice"))) {
				t.Error("the notice stays")
			}
		})
	}
}

// TestLeadTransient checks that the widget retries after temporary errors of the server, and reports none of them.
func TestLeadTransient(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		failures []int
	}{
		{"429", []int{429}},
		{"500 twice", []int{500, 500}},
		{"one after the other", []int{503, 429, 500, 502}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var tries atomic.Int32
			options := protocoltest.Demo{Hurry: true}.Options()
			options.Fault = func(e protocoltest.Event) protocoltest.Action {
				if e.Kind == protocoltest.Init {
					if n := int(tries.Add(1)); n <= len(c.failures) {
						return protocoltest.Action{Do: protocoltest.Refuse, Status: c.failures[n-1], RetryAfter: "1"}
					}
				}
				return protocoltest.Action{}
			}
			s := newSite(t, options)
			tab := leadPage(t, s, "", "")
			tab.wait(part("prechat") + `.ariaBusy == "true"`)
			tab.heard("Hi Ada!")
			if n := int(tries.Load()); n != len(c.failures)+1 {
				t.Errorf("%d tries", n)
			}
			inits := s.flow.Log(protocoltest.Init)
			for i := 1; i < len(inits); i++ {
				if wait := inits[i].Time.Sub(inits[i-1].Time).Seconds(); wait < 0.99 {
					t.Errorf("try %d came %.1f s after the one before, Retry-After was 1", i+1, wait)
				}
			}
			if events := eval[string](tab, `document.documentElement.dataset.errors ?? ""`); events != "" {
				t.Errorf("error events %q", events)
			}
		})
	}
}

// TestMessageBeforeLeadIsRefused checks that a message is shown as failed, and can be sent again, if the visitor wrote
// it before the initialisation with the page's lead data failed.
func TestMessageBeforeLeadIsRefused(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]protocoltest.Failure{"refused": {Status: 404, Message: "unknown flow"}, "broken": {Status: 503, RetryAfter: "1"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
			s.allow("console.error: plura-chat: ")
			s.flow.FailInits(-1, failure)
			release := s.hold(startModule(t))
			tab := chromium.visitor(t).open(s.page("/", s.tag(`data-record='{"phone":"+12025550123"}'`)))
			tab.wait(visible(part("launcher")))
			tab.click(part("launcher"))
			tab.wait(focused("input"))
			tab.say("Is anybody there?")
			release()
			tab.told()
			own := messages + `.filter(m => m.from == "visitor").map(m => m.text + ": " + m.state).join()`
			tab.wait(own + ` == "Is anybody there?: failed"`)
			s.flow.FailInits(0, protocoltest.Failure{})
			tab.click(root + `.querySelector("[part~=message] [data-do=retry]")`)
			tab.said("Is anybody there?")
			if got := s.flow.Messages(""); fmt.Sprint(got) != "[Is anybody there?]" {
				t.Errorf("the flow got %q", got)
			}
		})
	}
}

// TestLeadTryAgain checks that the widget stops after five attempts and that the visitor can try again.
func TestLeadTryAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	s.allow("console.error: plura-chat: ")
	s.flow.FailInits(-1, protocoltest.Failure{Status: 503, RetryAfter: "1"})
	tab := leadPage(t, s, "", "")
	if told := tab.told(); told != "We couldn’t start the chat. Please try again in a moment." {
		t.Errorf("the visitor reads %q", told)
	}
	if n := s.flow.Count(protocoltest.Init); n != 5 {
		t.Errorf("%d tries, want 5", n)
	}
	tab.kept()
	s.flow.FailInits(0, protocoltest.Failure{})
	tab.click(part("notice") + `?.querySelector("button")`)
	tab.heard("Hi Ada!")
}

// TestLeadFallsBack checks that with fallback="anonymous" the chat begins without lead data, and without a notice, if
// the session cannot be initialised.
func TestLeadFallsBack(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	s.allow("console.error: plura-chat: ")
	s.flow.FailInits(-1, protocoltest.Failure{Status: 401, Message: "no such workspace"})
	tab := leadPage(t, s, "", `data-fallback="anonymous"`)
	eval[any](tab, `new MutationObserver(() => { if (`+part("notice")+`) document.documentElement.dataset.noticed = `+part("notice")+`.textContent; })
		.observe(`+root+`, {childList: true, subtree: true})`)
	tab.heard("Hi there!")
	if noticed := eval[string](tab, `document.documentElement.dataset.noticed ?? ""`); noticed != "" {
		t.Errorf("the visitor was told %q", noticed)
	}
	if events := eval[string](tab, `document.documentElement.dataset.errors`); strings.Count(events, "\n") != 1 || !strings.Contains(events, "no such workspace") {
		t.Errorf("error events %q", events)
	}
	tab.say("hello")
	tab.said("hello")
}

// sessionServer starts a server of another origin that answers by handler, and returns its session URL.
func sessionServer(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + "/webchat/session"
}

// TestLeadNetworkFault checks that the widget retries after a broken connection, whether all requests fail or only the
// POST.
func TestLeadNetworkFault(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"every call", "the POST alone"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
			s.allow("console.error: plura-chat: ")
			var broken atomic.Bool
			var cut atomic.Int32
			broken.Store(true)
			url := sessionServer(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Connection", "close") // a browser retries a request by itself if the connection was used before
				if broken.Load() && (what == "every call" || r.Method == http.MethodPost) {
					cut.Add(1)
					panic(http.ErrAbortHandler)
				}
				if r.Method == http.MethodGet {
					return // the probe that asks whether the server can be reached
				}
				s.flow.Handler().ServeHTTP(w, r)
			})
			tab := leadPage(t, s, url, "")
			if !suite.Poll(patience, func() bool { return cut.Load() > 0 }) {
				t.Fatal("nothing was asked")
			}
			broken.Store(false)
			tab.heard("Hi Ada!")
		})
	}
}

// TestLeadCrossOrigin checks that the site owner reads what to do if the browser refuses the request because of CORS. A
// browser does not give the reason; the widget concludes it from the server's answer to a probe.
func TestLeadCrossOrigin(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
	s.allow("console.error: plura-chat: ")
	url := sessionServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			t.Error("the browser let a POST through that nobody had allowed")
		}
	})
	tab := leadPage(t, s, url, "")
	if told := tab.told(); told == "" {
		t.Error("the visitor reads nothing")
	}
	tab.kept()
	const hint = "initialise the session on your own server and set flow-instance and session"
	if events := eval[string](tab, `document.documentElement.dataset.errors`); !strings.Contains(events, hint) {
		t.Errorf("error events %q", events)
	}
	tab.settle()
	if log := s.consoleErrors(); !strings.Contains(log, hint) {
		t.Errorf("the console has %q", log)
	}
}

// TestLeadIsNotSentOn checks that a record is sent only to the session URL, without referrer and cookies. A redirect,
// which would send the record to another URL, is not followed.
func TestLeadIsNotSentOn(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		s.allow("console.error: plura-chat: ")
		allow := func(w http.ResponseWriter) {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
		}
		elsewhere := sessionServer(t, func(w http.ResponseWriter, r *http.Request) {
			allow(w)
			t.Errorf("a %s has come to where the redirect leads", r.Method)
		})
		url := sessionServer(t, func(w http.ResponseWriter, r *http.Request) {
			if allow(w); r.Method == http.MethodPost {
				if r.Referer() != "" || r.Header.Get("Cookie") != "" {
					t.Errorf("the server gets referrer %q and cookie %q", r.Referer(), r.Header.Get("Cookie"))
				}
				http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
			}
		})
		tab := e.visitor(t).open(s.page("/", `<script>document.cookie = "known=1"</script>`+strings.Replace(s.tag(""), s.URL+"/webchat/session", url, 1)))
		tab.wait(visible(part("launcher")))
		const hint = "the server redirects to another URL"
		if told := eval[string](tab, `PluraChat.identify({phone: "+12025550123"}).then(() => "", reason => reason.message)`); !strings.Contains(told, hint) {
			t.Errorf("identify says %q", told)
		}
		tab.settle()
		if log := s.consoleErrors(); !strings.Contains(log, hint) {
			t.Errorf("the console has %q", log)
		}
	})
}
