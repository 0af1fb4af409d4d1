package e2e

import (
	"fmt"
	"strings"
	"testing"

	"plurachat/protocol"
	"plurachat/protocol/protocoltest"
)

// greeting is the server's first message, unless a test sets another one.
const greeting = "Hi! How can I help you today?"

// greeted is an expression that is true if the page shows the greeting.
const greeted = messages + `.some(m => m.from == "agent" && m.text == "` + greeting + `")`

// opened opens the chat and returns once start.js runs. The WebAssembly must be held back.
func (b *tab) opened() {
	b.t.Helper()
	b.wait(visible(part("launcher")))
	b.click(part("launcher"))
	b.wait(`PluraChat.state == "loading"`)
}

// TestGreetedBeforeGo checks that the greeting is shown while the WebAssembly loads, and that Go continues on the early
// socket: no message is shown twice, and nothing moves.
func TestGreetedBeforeGo(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		release := s.hold(dist.Engine().Name)
		tab := e.visitor(t).open(s.page("/", s.tag("")))
		eval[any](tab, `document.said = [], addEventListener("plura-chat:message", e => document.said.push(e.detail.text)),
			document.sessions = 0, addEventListener("plura-chat:session", () => document.sessions++)`)
		tab.opened()
		tab.wait(greeted)
		tab.say("A question")
		tab.wait(messages + `.at(-1).text == "A question"`)
		tab.shows([]message{{"agent", "", greeting}, {"visitor", "sending", "A question"}})
		const place = `(r => [r.x, r.y, r.width, r.height].map(Math.round).join())(` + `[...` + root + `.querySelectorAll("[data-from=agent] [part~=bubble]")][0].getBoundingClientRect())`
		tab.wait(`!` + root + `.getAnimations().some(animation => animation.playState == "running")`)
		before := eval[string](tab, place)
		eval[any](tab, `document.flicker = [], (function look() {
			const shown = `+messages+`.filter(m => m.from == "agent" && m.text == "`+greeting+`").length;
			shown == 1 || document.flicker.push(shown);
			requestAnimationFrame(look);
		})()`)

		release()
		tab.said("A question")
		tab.wait(messages + `.length == 3`)
		tab.shows([]message{{"agent", "", greeting}, {"visitor", "sent", "A question"}, {"agent", "", "You said: A question"}})
		if after := eval[string](tab, place); after != before {
			t.Errorf("the greeting stands at %s, and stood at %s before Go came", after, before)
		}
		if flicker := eval[[]int](tab, `document.flicker`); len(flicker) > 0 {
			t.Errorf("frames had so many greetings: %d", flicker)
		}
		if n := s.flow.Dials(); n != 1 {
			t.Errorf("%d connections were made", n)
		}
		if n := eval[int](tab, `document.sessions`); n != 1 {
			t.Errorf("the page was told of %d sessions", n)
		}
		if n := eval[int](tab, fmt.Sprintf(`document.said.filter(text => text == %q).length`, greeting)); n != 1 {
			t.Errorf("the page was told of %d greetings", n)
		}
	})
}

// TestGreetingStays checks that on a slow machine the greeting that is shown before Go runs stays until Go shows it.
func TestGreetingStays(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	// While document.slow is set, timers without a delay fire 1.5 s later, as if other work came first.
	const slow = `<script>{ const wait = setTimeout; setTimeout = (act, ms, ...rest) => wait(act, ms || (document.slow ? 1500 : 0), ...rest); }</script>`
	tab := chromium.visitor(t).open(s.page("/", slow+s.tag("")))
	tab.opened()
	tab.wait(greeted)
	tab.say("A question") // so that Go has something to draw
	eval[any](tab, `document.slow = true, document.flicker = [], (function look() {
		const shown = `+messages+`.filter(m => m.from == "agent" && m.text == "`+greeting+`").length;
		shown == 1 || document.flicker.push(shown);
		requestAnimationFrame(look);
	})()`)
	release()
	tab.said("A question")
	if flicker := eval[[]int](tab, `document.flicker`); len(flicker) > 0 {
		t.Errorf("frames had so many greetings: %d", flicker)
	}
}

// TestGreetingIsGos checks that a greeting that is shown before Go runs has the same markup as Go's. A greeting that
// start.js cannot draw in that way is not shown before Go runs.
func TestGreetingIsGos(t *testing.T) {
	t.Parallel()
	plain := []string{"Hello!", "مرحبا، كيف أساعدك؟", "¿En qué puedo ayudarte?", "👋 Hi there… (really)", `It's "quoted" – 5 € / 3%`, "Once: 2 + 2 = 4; = 2²",
		"two\nlines", "Hi!\n\nHow can I\nhelp?", "Hello **you**", "**Hello** you, **all of you**!", "I am**Maya**, at **Ridgeline 24**."}
	marked := []string{"Hello *you*", "Hello ***you***", "** you **", "**you", "a ** b ** c", "**you.**", "1. one", "- one", "see www.example.com", "see https://example.com", "mail me@example.com", "<b>Hi</b>", "a &amp; b",
		"Hi!\n- one\n- two", "Hi!\n    code", "Title\n===", "Hi! \nbreak", "line\n", "Flow has ended", "# Title", "`code`", "a_b_c", "~~no~~", "a | b", `back\slash`, "soft\u00adhyphen", "wide\u3000space", "turned \u202earound", " before", "after "}
	const bubble = root + `?.querySelector("[part~=bubble]")?.innerHTML ?? ""`
	for i, text := range append(plain, marked...) {
		t.Run(strings.ReplaceAll(text, "/", ""), func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{Flow: protocoltest.Flow{
				Greet: func(map[string]any) protocoltest.Reply { return protocoltest.Reply{Text: text} }}})
			release := s.hold(dist.Engine().Name)
			tab := chromium.visitor(t).open(s.page("/", `<script>document.frames = 0; WebSocket = class extends WebSocket {
				constructor(...given) { super(...given); this.addEventListener("message", () => setTimeout(() => document.frames++)); } };</script>`+s.tag("")))
			tab.opened()
			tab.wait(`document.frames >= 3`)
			if i < len(plain) {
				tab.wait(bubble)
			}
			before := eval[string](tab, bubble)
			release()
			tab.online()
			tab.wait(root + `.querySelector(".meta span")?.textContent.trim() || [...` + root + `.querySelectorAll("[part~=divider]")].some(line => line.textContent.includes("ended"))`)
			after := eval[string](tab, bubble)
			if before != "" && before != after {
				t.Errorf("it was shown as %s, and Go shows %s", before, after)
			}
			if before != "" && i >= len(plain) {
				t.Errorf("it was shown before Go was there: %s", before)
			}
		})
	}
}

// TestNotAheadOfGo checks that start.js opens no early socket if Go may need another connection than one to a new
// session, or if an attribute is invalid.
func TestNotAheadOfGo(t *testing.T) {
	t.Parallel()
	const count = `<script>document.dialled = 0; WebSocket = class extends WebSocket { constructor(...given) { document.dialled++; super(...given); } };</script>`
	for name, page := range map[string]struct {
		attributes string
		address    string // empty: the site's
		before     string // what the page calls before it opens the chat
		dials      int
	}{
		"nothing of that":        {dials: 1}, // the control: an early socket is opened
		"a form":                 {attributes: `data-prechat="first_name,phone"`},
		"lead data":              {attributes: `data-record='{"phone":"+15551234567"}'`},
		"a session":              {attributes: `data-session="webchat-session.2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3" data-flow-instance="b7cf6862-0a1c-4bc3-9703-1ab767e5ea28"`},
		"a bad way":              {attributes: `data-reconnect="perhaps"`},
		"a place unheard of":     {attributes: `data-storage="nowhere"`},
		"a bad address":          {address: "ws://example.com"},
		"a call that identifies": {before: `PluraChat.identify({phone: "+15551234567"})`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			s.hold(dist.Engine().Name)
			tag := s.tag(page.attributes)
			if page.address != "" {
				tag = strings.Replace(tag, `data-socket-url="`, `data-socket-url="`+page.address+`" data-was="`, 1)
			}
			tab := chromium.visitor(t).open(s.page("/", count+tag))
			tab.wait(visible(part("launcher")))
			eval[any](tab, `(() => { `+page.before+`; PluraChat.open(); })()`)
			tab.wait(`PluraChat.state == "loading"`)
			if n := eval[int](tab, `document.dialled`); n != page.dials {
				t.Errorf("%d sockets were opened, want %d", n, page.dials)
			}
		})
	}
	t.Run("a stored conversation", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, protocoltest.Options{})
		tab := chromium.visitor(t).open(s.page("/", count+s.tag("")))
		tab.launch()
		tab.wait(greeted)
		tab.wait(`localStorage["plura-chat:` + flow + `"]?.includes("webchat-session.")`)
		release := s.hold(dist.Engine().Name)
		tab.reload()
		tab.wait(`PluraChat.state == "loading"`)
		if n := eval[int](tab, `document.dialled`); n != 0 {
			t.Errorf("%d sockets were opened", n)
		}
		release()
		tab.online()
		if n := len(s.flow.Sessions()); n != 1 {
			t.Errorf("there are %d sessions", n)
		}
	})
}

// TestGreetingIsLeft checks that the early socket is closed if the chat ends before Go runs, or if Go cannot be loaded.
func TestGreetingIsLeft(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]string{
		"closed":    `PluraChat.close()`,
		"destroyed": `PluraChat.destroy()`,
		"gone":      `dispatchEvent(new PageTransitionEvent("pagehide"))`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			release := s.hold(dist.Engine().Name)
			tab := chromium.visitor(t).open(s.page("/", s.tag("")))
			tab.opened()
			tab.wait(greeted)
			eval[any](tab, leave+`, 0`)
			if err := s.flow.WaitLive(patience, 0); err != nil {
				t.Fatal(err)
			}
			if name == "destroyed" {
				release()
				return
			}
			if name == "closed" && eval[bool](tab, greeted) {
				t.Error("the greeting of a conversation that is over is still there")
			}
			// A chat that is opened again waits for Go and has a new conversation.
			release()
			tab.wait(`PluraChat.state != "loading"`)
			eval[any](tab, `PluraChat.open()`)
			tab.online()
			tab.wait(messages + `.length == 1 && ` + greeted)
			if n := s.flow.Live(); n != 1 {
				t.Errorf("%d connections are open", n)
			}
		})
	}
	t.Run("without Go", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, protocoltest.Options{})
		s.allow("could not load")
		s.page("/"+dist.Engine().Name, "no WebAssembly")
		s.header("/"+dist.Engine().Name, "Content-Type", "application/wasm")
		tab := chromium.visitor(t).open(s.page("/", s.tag("")))
		tab.wait(visible(part("launcher")))
		tab.click(part("launcher"))
		tab.wait(visible(part("notice")))
		if err := s.flow.WaitLive(patience, 0); err != nil {
			t.Fatal(err)
		}
		if !eval[bool](tab, greeted) {
			t.Error("what was said already is gone")
		}
	})
}

// TestGreetingIsLost checks that Go opens a new connection if the early socket was lost.
func TestGreetingIsLost(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.opened()
	console := recordConsole(tab)
	tab.wait(greeted)
	s.flow.DropAll()
	if err := s.flow.WaitLive(patience, 0); err != nil {
		t.Fatal(err)
	}
	tab.say("Are you there?")
	release()
	tab.said("Are you there?")
	tab.wait(messages + `.length == 3`)
	tab.shows([]message{{"agent", "", greeting}, {"visitor", "sent", "Are you there?"}, {"agent", "", "You said: Are you there?"}})
	if n := len(s.flow.Sessions()); n != 1 {
		t.Errorf("%d conversations were begun", n)
	}
	if lines := console(); len(lines) > 0 {
		t.Errorf("the console says %q", lines)
	}
}

// TestByteOrderMarkBeforeGo checks that the greeting is shown before Go runs even if the server puts a byte order mark
// before each frame.
func TestByteOrderMarkBeforeGo(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{Manners: protocoltest.Manners{ByteOrderMark: true}})
	release := s.hold(dist.Engine().Name)
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.opened()
	tab.wait(greeted)
	release()
	tab.online()
	tab.wait(messages + `.length == 1 && ` + greeted)
}

// TestFloodBeforeGo checks that the early socket is closed if the server sends too much before Go runs, and that Go
// then opens another connection.
func TestFloodBeforeGo(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.opened()
	tab.wait(greeted)
	conn, text := s.flow.Conns()[0], strings.Repeat("x", protocol.MaxFrame/10)
	for range 12 {
		conn.SendText(`{"type":"message","id":"1","name":"Assistant","content":"` + text + `"}`)
	}
	if err := s.flow.WaitLive(patience, 0); err != nil {
		t.Fatal(err)
	}
	release()
	tab.online()
	tab.say("Still here?")
	tab.heard("You said: Still here?")
}

// TestBurstBeforeGo checks that messages that arrive in a burst while Go starts keep their order.
func TestBurstBeforeGo(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	tab := chromium.visitor(t).open(s.page("/", s.tag("")))
	tab.opened()
	tab.wait(greeted)
	conn := s.flow.Conns()[0]
	want := []message{{"agent", "", greeting}}
	for i := range 100 {
		text := fmt.Sprintf("No. %d", i)
		want = append(want, message{"agent", "", text})
		conn.SendText(fmt.Sprintf(`{"type":"message","id":"%d","name":"Assistant","profilepic":"","content":%q}`, i, text))
		if i == 50 {
			release()
		}
	}
	tab.wait(messages + `.length == 101`)
	tab.shows(want)
}

// TestHeartbeatsBeforeGo checks that heartbeats are sent over the early socket, so that it stays open while the
// WebAssembly loads on a slow network.
func TestHeartbeatsBeforeGo(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	release := s.hold(dist.Engine().Name)
	// Timers of 15 s fire after 100 ms. The server records a violation for a heartbeat that is not as documented.
	const hurry = `<script>{ const wait = setTimeout; setTimeout = (act, ms, ...rest) => wait(act, ms == 15000 ? 100 : ms, ...rest); }</script>`
	tab := chromium.visitor(t).open(s.page("/", hurry+s.tag("")))
	tab.opened()
	if err := s.flow.WaitCount(patience, protocoltest.Heartbeat, 2); err != nil {
		t.Fatal(err)
	}
	release()
	tab.online()
	if n := s.flow.Dials(); n != 1 {
		t.Errorf("%d connections were made", n)
	}
}

// TestTwoTabsBeforeGo checks that two tabs in which the chat is opened before Go runs share one conversation.
func TestTwoTabsBeforeGo(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		release := s.hold(dist.Engine().Name)
		visitor := e.visitor(t)
		first := visitor.open(s.page("/", s.tag("")))
		first.opened()
		first.wait(greeted)
		second := visitor.open(s.URL + "/")
		second.opened()
		release()
		for _, tab := range []*tab{first, second} {
			tab.online()
			tab.wait(messages + `.length == 1 && ` + greeted)
		}
		if err := s.flow.WaitLive(patience, 1); err != nil {
			t.Fatal(err)
		}
		second.say("From the second")
		second.said("From the second")
		first.said("From the second")
	})
}
