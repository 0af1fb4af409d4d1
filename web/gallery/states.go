package gallery

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"plurachat/protocol/protocoltest"
)

// state is a state of the widget that a visitor may see. The fields bring it about: by attributes, by the stored
// conversation and by the server. The steps in steps.js with the same name do the rest.
type state struct {
	Name   string // in addresses and file names
	Title  string
	Closed bool // the panel is closed: a small frame is enough
	Phone  bool // the state looks different from the others only on a phone

	Attributes map[string]string                // of the widget; they replace those that every frame has
	Seed       func(*talk) []line               // returns the stored conversation; nil: none
	Draft      string                           // the stored text of the composer; only with Seed
	Server     func(*talk) protocoltest.Options // returns the service's options; nil: the zero value
	Prepare    func(*protocoltest.Server)       // changes the service before the frame loads; may be nil
	Later      func(*talk) protocoltest.Reply   // returns the message that a POST to …/later sends
	Folder     string                           // of the script, which selects a fault (serveBadly); empty: none
	Forbids    string                           // part of the page's policy to leave out
}

var (
	opened   = map[string]string{"open": ""}
	asks     = map[string]string{"open": "", "prechat": "first_name,email*,phone", "privacy-url": "https://ridgeline-roofing.example/privacy", "consent": "required", "country": "US"}
	leads    = map[string]string{"open": "", "record": `{"phone": "+15550142000"}`}
	inline   = map[string]string{"mode": "inline"}
	contacts = `[{"label":"Call us","url":"tel:+15550142000"},{"label":"E-mail","url":"mailto:hello@ridgeline-roofing.example"}]`
	starters = "Get a quote|Book an inspection|Talk to a person"
	ownOpens = map[string]string{"launcher": "#ask", "open": ""}
	pictured = map[string]string{"open": "", "image-hosts": "images.ridgeline-roofing.example"}
)

// states lists all states, in the order in which they may occur in a conversation.
var states = []*state{
	{Name: "launcher", Title: "Closed", Closed: true, Attributes: map[string]string{"load": "intent"}},
	// A visit has one teaser. Without a storage, a reload is another visit.
	{Name: "teaser", Title: "Teaser", Closed: true, Attributes: map[string]string{"load": "intent", "storage": "none", "teaser": "1ms", "strings": `{"teaser": "Questions about your roof? We answer within a minute."}`}},
	{Name: "teaser-rules", Title: "Teaser of a rule, with suggestions", Closed: true, Attributes: map[string]string{
		"load": "intent", "storage": "none", "teaser": `[{"on":"*","after":"1ms","text":"Storm damage? We can look at your roof this week.","starters":"Get a quote|Book a visit"}]`}},
	{Name: "launcher-text", Title: "Closed, with a text beside the icon", Closed: true, Attributes: map[string]string{"load": "intent", "launcher-text": "Ask us"}},
	{Name: "unread", Title: "Unread messages", Closed: true, Seed: unread(2)},
	{Name: "unread-many", Title: "More unread messages than fit", Closed: true, Seed: unread(120)},
	{Name: "loading", Title: "First open: the chat is being loaded", Attributes: opened, Folder: "stalled", Prepare: func(s *protocoltest.Server) { s.HangDials(true) }},
	{Name: "greeted", Title: "Greeted while the chat is being loaded", Attributes: opened, Folder: "stalled"},
	{Name: "connecting", Title: "Connecting", Attributes: opened, Prepare: func(s *protocoltest.Server) { s.HangDials(true) }},
	{Name: "greeting", Title: "Greeting", Attributes: opened},
	{Name: "greeting-worded", Title: "With the owner's own words", Attributes: map[string]string{
		"open": "", "subheading": "We usually answer within a minute", "placeholder": "Ask about your roof…", "position": "left"}},
	{Name: "starters", Title: "Greeting with suggestions", Attributes: map[string]string{"open": "", "starters": starters}},
	{Name: "disclaimer", Title: "An AI answers", Attributes: map[string]string{"open": "", "disclaimer": "ai"}, Seed: (*talk).conversation},
	{Name: "prechat", Title: "Pre-chat form", Attributes: asks},
	{Name: "prechat-errors", Title: "Form with errors", Attributes: asks},
	{Name: "refused", Title: "Details refused", Attributes: asks, Prepare: refuse},
	{Name: "form-failed", Title: "Details not taken, try again", Attributes: asks, Prepare: unwell},
	{Name: "conversation", Title: "Conversation", Attributes: opened, Seed: (*talk).conversation},
	{Name: "markdown", Title: "Everything that is rendered", Attributes: opened, Seed: (*talk).formatted},
	{Name: "answer-prices", Title: "Answer: prices in tables", Attributes: opened, Seed: says("prices", "What does a new roof cost?")},
	{Name: "answer-steps", Title: "Answer: steps with code", Attributes: opened, Seed: says("steps", "How do I send you measurements from our software?")},
	{Name: "answer-comparison", Title: "Answer: a table of eight columns", Attributes: opened, Seed: says("comparison", "Compare all materials, please.")},
	{Name: "answer-itinerary", Title: "Answer: a plan with nested lists", Attributes: opened, Seed: says("itinerary", "What happens on which day?")},
	{Name: "answer-bilingual", Title: "Answer: English and Chinese", Attributes: opened, Seed: says("bilingual", "Can you say that in Chinese too? 我妈妈也想看。")},
	{Name: "answer-formulas", Title: "Answer: formulas", Attributes: opened, Seed: says("formulas", "How do you calculate the number of bundles?")},
	{Name: "answer-checklist", Title: "Answer: a checklist", Attributes: opened, Seed: says("checklist", "What do I have to do for the insurance?")},
	{Name: "answer-links", Title: "Answer: links, pictures and quick replies", Attributes: pictured, Seed: says("links", "Where can I read about materials?")},
	{Name: "answer-arabic", Title: "Answer: Arabic with a table and code", Attributes: opened, Seed: says("arabic", "هل يمكنكم إرسال ملخص العرض بالعربية؟")},
	{Name: "answer-long", Title: "Answer: a long one with everything", Attributes: opened, Seed: says("long", "Tell me the whole story.")},
	{Name: "long-answer", Title: "An answer longer than the panel", Attributes: opened, Server: answers((*talk).longAnswer)},
	{Name: "waiting", Title: "Waiting for the agent", Attributes: opened, Server: answers((*talk).never)},
	{Name: "sending", Title: "Sending", Attributes: opened, Server: unacknowledged},
	{Name: "failed", Title: "Not sent", Attributes: opened, Seed: (*talk).failed},
	{Name: "offline", Title: "Offline", Attributes: opened, Seed: (*talk).conversation, Prepare: func(s *protocoltest.Server) { s.HangDials(true) }},
	{Name: "reconnecting", Title: "Reconnecting", Attributes: map[string]string{"load": "eager"}, Server: once},
	{Name: "jump", Title: "Scrolled up, and somebody wrote", Attributes: opened, Seed: (*talk).conversation, Later: (*talk).later},
	{Name: "new-conversation", Title: "A new conversation below the old one", Attributes: opened, Seed: (*talk).anew},
	{Name: "ended", Title: "Conversation ended", Attributes: opened, Seed: (*talk).ended},
	{Name: "dropped", Title: "A frame too large", Attributes: opened, Seed: (*talk).dropped},
	{Name: "draft", Title: "A draft of many lines", Attributes: opened, Seed: (*talk).conversation, Draft: strings.Repeat("My roof has been leaking since the storm on Tuesday.\n", 8)},
	{Name: "counter", Title: "Near the limit", Attributes: opened, Seed: (*talk).conversation, Draft: strings.Repeat("The roof is leaking. ", 188)},
	{Name: "too-long", Title: "Too long", Attributes: opened, Seed: (*talk).conversation, Draft: strings.Repeat("The roof is leaking. ", 200)},
	{Name: "keyboard", Title: "A phone's keyboard is open", Phone: true, Attributes: opened, Seed: (*talk).conversation, Draft: "Could you look at the gutters too?"},
	{Name: "menu", Title: "Menu", Attributes: opened, Seed: (*talk).conversation},
	{Name: "menu-sound", Title: "Menu, the sound is on", Attributes: map[string]string{"open": "", "sound": "on"}, Seed: (*talk).conversation},
	{Name: "contacts", Title: "Menu with other ways to get in touch", Attributes: map[string]string{"open": "", "contacts": contacts}, Seed: (*talk).conversation},
	{Name: "expanded", Title: "Widened", Attributes: map[string]string{"open": "", "expand": "on"}, Seed: says("comparison", "Compare all materials, please.")},
	{Name: "ask-new", Title: "New conversation?", Attributes: opened, Seed: (*talk).conversation},
	{Name: "ask-end", Title: "Delete everything?", Attributes: opened, Seed: (*talk).conversation},
	{Name: "hostile", Title: "What means no good", Attributes: opened, Seed: (*talk).hostile},
	{Name: "session-failed", Title: "No session for now, try again", Attributes: leads, Prepare: unwell},
	{Name: "unavailable", Title: "No session to be had", Attributes: leads, Prepare: refuse},
	{Name: "contacts-unavailable", Title: "No session to be had, with other ways to get in touch", Attributes: map[string]string{
		"open": "", "record": leads["record"], "contacts": contacts}, Prepare: refuse},
	{Name: "stopped", Title: "The chat stopped", Attributes: opened, Seed: (*talk).conversation},
	{Name: "forbidden", Title: "The page's policy forbids WebAssembly", Attributes: opened, Forbids: "'wasm-unsafe-eval'"},
	{Name: "broken", Title: "The WebAssembly cannot be loaded", Attributes: opened, Folder: "broken"},
	{Name: "lost", Title: "The start module cannot be loaded", Attributes: opened, Folder: "lost"},
	{Name: "inline", Title: "Inline", Attributes: inline, Seed: (*talk).conversation},
	{Name: "inline-greeting", Title: "Inline, not yet touched", Attributes: inline},
	{Name: "own-launcher", Title: "The owner's own button", Attributes: ownOpens, Seed: (*talk).conversation},
}

// unread returns a seed: a conversation with n unread messages.
func unread(n int) func(*talk) []line {
	return func(t *talk) []line {
		lines := t.conversation()
		last := lines[len(lines)-1]
		for range n {
			lines = append(lines, line{Name: last.Name, Picture: last.Picture, Text: t.Later, Unread: true})
		}
		return lines
	}
}

// answers returns options of a server that answers each message with the result of say.
func answers(say func(*talk) protocoltest.Reply) func(*talk) protocoltest.Options {
	return func(t *talk) protocoltest.Options {
		return protocoltest.Options{Flow: protocoltest.Flow{
			Answer: func(*protocoltest.Exchange) []protocoltest.Reply { return []protocoltest.Reply{say(t)} },
		}}
	}
}

// unacknowledged returns options of a server that does not acknowledge or answer messages.
func unacknowledged(t *talk) protocoltest.Options {
	options := answers((*talk).never)(t)
	options.Fault = func(e protocoltest.Event) (a protocoltest.Action) {
		if e.Kind == protocoltest.Message {
			a.Do = protocoltest.Skip
		}
		return a
	}
	return options
}

// once returns options of a server that accepts one connection, drops it after the greeting, and refuses all later
// handshakes.
func once(*talk) protocoltest.Options {
	var mu sync.Mutex
	greeted := false
	return protocoltest.Options{Fault: func(e protocoltest.Event) (a protocoltest.Action) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case e.Kind == protocoltest.Dial && greeted:
			a.Do = protocoltest.Refuse
		case e.Kind == protocoltest.Open:
			greeted, a.Do, a.At = true, protocoltest.Drop, protocoltest.After
		}
		return a
	}}
}

// refuse makes every session initialisation fail with 422, which is final.
func refuse(s *protocoltest.Server) {
	s.FailInits(-1, protocoltest.Failure{Status: http.StatusUnprocessableEntity})
}

// unwell makes every session initialisation fail with 503, which is temporary.
func unwell(s *protocoltest.Server) {
	s.FailInits(-1, protocoltest.Failure{Status: http.StatusServiceUnavailable})
}

// never returns an answer with a delay of an hour. The widget waits for it as long as the page is open.
func (t *talk) never() protocoltest.Reply {
	return protocoltest.Reply{Text: t.Later, Delay: time.Hour}
}

func (t *talk) longAnswer() protocoltest.Reply {
	return protocoltest.Reply{Text: strings.Repeat(t.Estimate+"\n\n", 6), Name: assistant, Picture: assistantPicture()}
}

func (t *talk) later() protocoltest.Reply {
	return protocoltest.Reply{Text: t.Later, Name: colleague, Picture: colleaguePicture()}
}

func (t *talk) greeting() protocoltest.Reply {
	return protocoltest.Reply{Text: t.Greeting, Name: assistant, Picture: assistantPicture()}
}

// then returns the conversation of t with more lines at the end.
func (t *talk) then(more ...line) []line { return slices.Concat(t.conversation(), more) }
