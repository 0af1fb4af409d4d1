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

// everyEvent keeps the detail of every event of the widget's in a list of the page's own.
const everyEvent = `<script>
	document.seen = [];
	for (const name of "ready open close status session owner message sent failed unread identify reset error".split(" ")) {
		addEventListener("plura-chat:" + name, event => document.seen.push(name + " " + JSON.stringify(event.detail)));
	}
</script>`

// trail is where a visit may have left something, by the name of the place.
type trail struct {
	mu     sync.Mutex
	places map[string][]string
}

func (t *trail) add(place, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.places[place] = append(t.places[place], text)
}

// follow notes what the tab writes to its console and what it asks the network for.
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

// gather adds what the page has kept: storage of all kinds, cookies, address, title, and its own markup.
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

// Lead data goes to the session URL and nowhere else, however the visitor came to be known, and with every
// frame logged.
func TestLeadDataLeavesNoTrace(t *testing.T) {
	t.Parallel()
	// The first name is not among them: the flow says it in its greeting, and so the transcript holds it.
	const record = `{"phone":"+12025550147","first_name":"Ada","last_name":"Featherstonehaugh","email":"ada@private.example","account":{"number":777888999,"tier":"Platinumish"}}`
	private := []string{"2025550147", "202) 555", "555-0147", "Featherstonehaugh", "private.example", "777888999", "Platinumish", "Analytical Engines"}
	// What the server repeats of it in an error is the owner's to read, but not in a console.
	refusal := protocoltest.Failure{Status: 400, Message: "+12025550147 of Featherstonehaugh (ada@private.example) is taken"}

	ask := `data-prechat="first_name,last_name,email,phone,company:Company" data-country="US"`
	form := func(b *tab) {
		b.openForm()
		b.fill("first_name", "Ada")
		b.fill("last_name", "Featherstonehaugh")
		b.fill("email", "ada@private.example")
		b.fill("phone", "(202) 555-0147")
		b.fill("company", "Analytical Engines")
		b.start()
	}
	for _, way := range []struct {
		name, attributes string
		begin, again     func(*tab)
	}{
		{"form", ask, form, func(b *tab) {
			b.told() // the button is where it stays
			b.start()
		}},
		{"identify", "", func(b *tab) {
			b.wait(visible(part("launcher")))
			b.click(part("launcher"))
			eval[any](b, `PluraChat.identify(`+record+`).then(() => { throw Error("let in") }, () => {})`)
		}, func(b *tab) { eval[any](b, `PluraChat.identify(`+record+`)`) }},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
			s.allow("console.error: plura-chat: ")
			s.flow.FailInits(1, refusal)
			url := s.page("/", everyEvent+s.tag(`data-debug `+way.attributes))
			tab := chromium.visitor(t).open("about:blank")
			left := follow(tab)
			tab.open(url)
			way.begin(tab)
			tab.wait(`document.seen.some(line => line.startsWith("error"))`)
			left.gatherStored(tab) // the fields still hold what was typed
			way.again(tab)
			tab.heard("Hi Ada!")
			tab.click(part("input"))
			tab.say("How much is a new roof?")
			tab.heard("$")
			s.flow.DropAll()
			tab.say("And a slate one?")
			tab.wait(`(PluraChat.state == "reconnecting" && dispatchEvent(new Event("online")), ` + messages + `.filter(m => m.from == "visitor").every(m => m.state == "sent"))`)
			left.gather(tab)
			tab.reload()
			tab.online()
			tab.wait(messages + `.length > 4`)
			left.gather(tab)

			left.mu.Lock()
			defer left.mu.Unlock()
			for place, texts := range left.places {
				for _, text := range texts {
					for _, secret := range private {
						if strings.Contains(text, secret) || strings.Contains(text, strings.ReplaceAll(secret, " ", "%20")) {
							t.Errorf("%q is in the %s: %.300s", secret, place, text)
						}
					}
				}
			}
			// The server has it all, and what was searched was not empty.
			records := s.inits()
			last, _ := json.Marshal(records[len(records)-1])
			for _, secret := range []string{"+12025550147", "Featherstonehaugh", "ada@private.example"} {
				if !strings.Contains(string(last), secret) {
					t.Errorf("the server has %s", last)
				}
			}
			for _, place := range []string{"console", "URLs", "headers", "localStorage", "events", "markup"} {
				if len(left.places[place]) == 0 {
					t.Errorf("nothing was found in the %s, not even what belongs there", place)
				}
			}
			if !slices.ContainsFunc(left.places["console"], func(line string) bool { return strings.Contains(line, "session initialisation") }) {
				t.Error("the debug log does not say that a session is being initialised")
			}
			if !slices.ContainsFunc(left.places["URLs"], func(url string) bool { return strings.HasSuffix(url, "/webchat/session") }) ||
				!slices.ContainsFunc(left.places["URLs"], func(url string) bool { return strings.HasPrefix(url, "ws") }) {
				t.Errorf("session and socket are not among the URLs: %q", left.places["URLs"])
			}
			// The session is a key: whole only in the socket's URL, the storage and the events.
			for _, session := range s.flow.Sessions() {
				for place, texts := range left.places {
					for _, text := range texts {
						if strings.Contains(text, session) && place != "localStorage" && place != "events" && !(place == "URLs" && strings.HasPrefix(text, "ws")) {
							t.Errorf("a session is in the %s: %.300s", place, text)
						}
					}
				}
			}
		})
	}
}

// gatherStored is gather while the form is shown, whose fields hold what was typed and must.
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
