package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
)

// everyEvent is a script that appends the name and the detail of each of the widget's events to document.seen.
const everyEvent = `<script>
	document.seen = [];
	for (const name of "ready open close status session owner message sent failed unread identify reset error".split(" ")) {
		addEventListener("plura-chat:" + name, event => document.seen.push(name + " " + JSON.stringify(event.detail)));
	}
</script>`

// trail collects the texts that a visit leaves in the browser, by the name of the place.
type trail struct {
	mu     sync.Mutex
	places map[string][]string
}

func (t *trail) add(place, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.places[place] = append(t.places[place], text)
}

// follow collects what the tab writes to its console and requests from the network, until the tab is closed.
func follow(b *tab) *trail {
	b.t.Helper()
	t := &trail{places: map[string][]string{}}
	err := chromedp.Listen(b.chromedp(), func(event any) {
		switch event := event.(type) {
		case *network.EventRequestWillBeSent:
			t.add("URLs", event.Request.URL)
			for name, value := range event.Request.Headers {
				t.add("headers", fmt.Sprint(name, ": ", value))
			}
		case *network.EventRequestWillBeSentExtraInfo:
			for name, value := range event.Headers {
				t.add("headers", fmt.Sprint(name, ": ", value))
			}
		case *network.EventWebSocketCreated:
			t.add("URLs", event.URL)
		case *cdplog.EventEntryAdded:
			t.add("console", event.Entry.Text+" "+event.Entry.URL)
		case *runtime.EventConsoleAPICalled:
			line := ""
			for _, arg := range event.Args {
				line += string(arg.Value) + arg.Description + " "
			}
			t.add("console", line)
		}
	})
	if err != nil {
		b.t.Fatalf("listening to the tab: %v", err)
	}
	return t
}

// gather adds what the page keeps: storage of all kinds, cookies, address, title, events, markup, fields and globals.
func (t *trail) gather(b *tab) {
	b.t.Helper()
	pages := eval[map[string][]string](b, `(async () => {
		const dump = async db => {
			const open = await new Promise((done, failed) => Object.assign(indexedDB.open(db.name), {onsuccess: e => done(e.target.result), onerror: failed}));
			const all = [db.name];
			for (const name of open.objectStoreNames) {
				all.push(JSON.stringify(await new Promise(done => open.transaction(name).objectStore(name).getAll().onsuccess = e => done(e.target.result))));
			}
			return all.join();
		};
		return {
			localStorage: Object.entries(localStorage).flat(),
			sessionStorage: Object.entries(sessionStorage).flat(),
			IndexedDB: await Promise.all((await indexedDB.databases()).map(dump)),
			caches: await caches.keys(),
			cookies: [document.cookie],
			address: [location.href, JSON.stringify(history.state), document.title, name],
			events: document.seen,
			markup: [document.documentElement.outerHTML, `+root+`.innerHTML],
			fields: [...`+root+`.querySelectorAll("input, textarea")].map(e => e.value),
			globals: Object.keys(window).filter(key => typeof window[key] == "string").map(key => window[key]),
		};
	})()`)
	for place, texts := range pages {
		for _, text := range texts {
			t.add(place, text)
		}
	}
	cookies, err := chromedp.Call(b.chromedp(), network.GetCookies, network.GetCookiesParams{})
	if err != nil {
		b.t.Errorf("reading the cookies: %v", err)
	}
	for _, cookie := range cookies.Cookies {
		t.add("cookies", cookie.Name+"="+cookie.Value)
	}
}

// leadRecord is what the page passes to identify.
const leadRecord = `{"phone":"+12025550147","first_name":"Ada","last_name":"Featherstonehaugh",` +
	`"email":"ada@private.example","account":{"number":777888999,"tier":"Platinumish"}}`

// leadSecrets are the parts of the lead data that must be found nowhere. They do not contain the first name, because
// the flow's greeting contains it, and so does the transcript.
var leadSecrets = []string{
	"2025550147", "202) 555", "555-0147", "Featherstonehaugh", "private.example", "777888999", "Platinumish",
	"Analytical Engines",
}

// TestLeadDataLeavesNoTrace checks that lead data is sent to the session URL and is found nowhere else, whether it
// comes from the form or from identify, and with every frame logged.
func TestLeadDataLeavesNoTrace(t *testing.T) {
	t.Parallel()
	ask := `data-prechat="first_name,last_name,email,phone,company:Company" data-country="US"`
	for _, way := range []struct {
		name, attributes string
		begin, again     func(*tab)
	}{
		{"form", ask, (*tab).sendLeadForm, func(b *tab) {
			b.told() // once the notice is shown, the button does not move
			b.start()
		}},
		{"identify", "", func(b *tab) {
			b.wait(visible(part("launcher")))
			b.click(part("launcher"))
			eval[any](b, `PluraChat.identify(`+leadRecord+`).then(() => { throw Error("let in") }, () => {})`)
		}, func(b *tab) { eval[any](b, `PluraChat.identify(`+leadRecord+`)`) }},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
			s.allow("console.error: plura-chat: ")
			// The server repeats lead data in its error. It must appear neither on the console nor in the error event.
			s.flow.FailInits(1, protocoltest.Failure{
				Status: 400, Message: "+12025550147 of Featherstonehaugh (ada@private.example) is taken",
			})
			url := s.page("/", everyEvent+s.tag(`data-debug `+way.attributes))
			tab := chromium.visitor(t).open("about:blank")
			left := follow(tab)
			tab.open(url)
			way.begin(tab)
			tab.wait(`document.seen.some(line => line.startsWith("error"))`)
			left.gatherStored(tab) // the fields may hold what was typed
			way.again(tab)
			tab.converseAsLead(s)
			left.gather(tab)
			tab.reload()
			tab.online()
			tab.wait(messages + `.length > 4`)
			left.gather(tab)
			left.check(t, s.flow.Sessions())
			s.hasLeadData(t)
		})
	}
}

// sendLeadForm fills in the pre-chat form and sends it.
func (b *tab) sendLeadForm() {
	b.t.Helper()
	b.openForm()
	b.fill("first_name", "Ada")
	b.fill("last_name", "Featherstonehaugh")
	b.fill("email", "ada@private.example")
	b.fill("phone", "(202) 555-0147")
	b.fill("company", "Analytical Engines")
	b.start()
}

// converseAsLead has a conversation whose connection is lost once.
func (b *tab) converseAsLead(s *site) {
	b.t.Helper()
	b.heard("Hi Ada!")
	b.click(part("input"))
	b.say("How much is a new roof?")
	b.heard("$")
	s.flow.DropAll()
	b.say("And a slate one?")
	b.wait(`(PluraChat.state == "reconnecting" && dispatchEvent(new Event("online")), ` +
		messages + `.filter(m => m.from == "visitor").every(m => m.state == "sent"))`)
}

// check checks what was found, and that something was found in each place.
func (t *trail) check(test *testing.T, sessions []string) {
	test.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lacksLeadData(test)
	t.hasWhatBelongs(test)
	t.keepsSessions(test, sessions)
}

// lacksLeadData checks that no place has any of the lead data.
func (t *trail) lacksLeadData(test *testing.T) {
	test.Helper()
	for place, texts := range t.places {
		for _, text := range texts {
			for _, secret := range leadSecrets {
				escaped := strings.ReplaceAll(secret, " ", "%20")
				if strings.Contains(text, secret) || strings.Contains(text, escaped) {
					test.Errorf("%q is in the %s: %.300s", secret, place, text)
				}
			}
		}
	}
}

// hasWhatBelongs checks that each place that was searched has content.
func (t *trail) hasWhatBelongs(test *testing.T) {
	test.Helper()
	for _, place := range []string{"console", "URLs", "headers", "localStorage", "events", "markup"} {
		if len(t.places[place]) == 0 {
			test.Errorf("nothing was found in the %s, not even what belongs there", place)
		}
	}
	initialises := func(line string) bool { return strings.Contains(line, "session initialisation") }
	if !slices.ContainsFunc(t.places["console"], initialises) {
		test.Error("the debug log does not say that a session is being initialised")
	}
	ofSession := func(url string) bool { return strings.HasSuffix(url, "/webchat/session") }
	if urls := t.places["URLs"]; !slices.ContainsFunc(urls, ofSession) || !slices.ContainsFunc(urls, isSocket) {
		test.Errorf("session and socket are not among the URLs: %q", urls)
	}
}

// keepsSessions checks where the IDs of sessions are. They are secrets. A whole ID may appear only in the socket's URL,
// in the storage and in the events.
func (t *trail) keepsSessions(test *testing.T, sessions []string) {
	test.Helper()
	for _, session := range sessions {
		for place, texts := range t.places {
			for _, text := range texts {
				allowed := place == "localStorage" || place == "events" || place == "URLs" && isSocket(text)
				if strings.Contains(text, session) && !allowed {
					test.Errorf("a session is in the %s: %.300s", place, text)
				}
			}
		}
	}
}

// hasLeadData checks that the server has received all of the lead data.
func (s *site) hasLeadData(t *testing.T) {
	t.Helper()
	records := s.inits()
	last, _ := json.Marshal(records[len(records)-1])
	for _, secret := range []string{"+12025550147", "Featherstonehaugh", "ada@private.example"} {
		if !strings.Contains(string(last), secret) {
			t.Errorf("the server has %s", last)
		}
	}
}

// isSocket reports whether a URL is that of a socket.
func isSocket(url string) bool { return strings.HasPrefix(url, "ws") }

// gatherStored is gather without the fields. It is for the time while the form is shown, whose fields must keep what
// was typed.
func (t *trail) gatherStored(b *tab) {
	b.t.Helper()
	typed := &trail{places: map[string][]string{}}
	typed.gather(b)
	for place, texts := range typed.places {
		if place != "fields" {
			for _, text := range texts {
				t.add(place, text)
			}
		}
	}
}
