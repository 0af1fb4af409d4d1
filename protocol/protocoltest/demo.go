package protocoltest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// Demo is a scripted flow for previews. Its messages come from Maya, the
// assistant of a fictitious company, Ridgeline Roofing. The greeting contains the
// visitor's first name if the record has one. The demo answers questions on about
// a dozen topics with the delay of a person who types, and a colleague takes over
// on request. The message /help lists commands that put a widget into each of its
// states; /server applies one of the [Presets]. The demo drops a connection
// without heartbeats.
type Demo struct {
	// Hurry omits the delays.
	Hurry bool
}

// Options returns the options of a server that runs the demo. The caller may
// change them before use.
func (d Demo) Options() Options {
	f := &demo{hurry: d.Hurry, visits: map[string]*visit{}}
	o := Options{
		Flow: Flow{
			Owner: demoCompany, Picture: roofPicture(), Name: mayaName,
			Greet: f.greet, Answer: f.answer,
		},
		Fault: f.fault, Replay: ReplayAll, LogSize: 1000, HeartbeatTimeout: threeHeartbeats,
	}
	if !d.Hurry {
		o.Delays = Delays{Recv: 120 * time.Millisecond, Between: 150 * time.Millisecond}
	}
	return o
}

const (
	demoCompany = "Ridgeline Roofing"
	mayaName    = "Maya"
	danielName  = "Daniel Ortiz"
)

// demo is the flow's state.
type demo struct {
	hurry bool

	mu     sync.Mutex
	visits map[string]*visit // by session
}

// visit is the demo's state of one conversation.
type visit struct {
	person  bool   // Daniel has taken over
	noRecv  int    // number of the next messages that get no recv
	puzzled int    // number of consecutive messages without a known topic
	topic   string // name of the topic of the newest message; empty: unknown
}

// with calls f with the visit of a session. Only one call of f runs at a time.
func (d *demo) with(session string, f func(*visit)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := d.visits[session]
	if v == nil {
		v = &visit{}
		d.visits[session] = v
	}
	f(v)
}

// fault is the demo's fault function. It omits the recv frames that the command
// /norecv asks to omit.
func (d *demo) fault(e Event) (a Action) {
	if e.Kind == Message && !strings.HasPrefix(e.Text, "/") {
		d.with(e.Session, func(v *visit) {
			if v.noRecv > 0 {
				v.noRecv--
				a.Do = Skip
			}
		})
	}
	return a
}

func (d *demo) greet(record map[string]any) Reply {
	hi := "Hi there!"
	if name := firstName(record); name != "" {
		hi = fmt.Sprintf("Hi %s!", name)
	}
	return Reply{
		Text: hi + " I'm Maya, the assistant at **Ridgeline Roofing**. Ask me about an estimate, storm damage, " +
			"materials or our warranty. How can I help you today?",
		Name:    mayaName,
		Picture: mayaPicture(),
	}
}

// answer is the flow's answer function.
func (d *demo) answer(x *Exchange) []Reply {
	text := strings.TrimSpace(x.Text)
	if strings.HasPrefix(text, "/") {
		return d.command(x, text)
	}
	var v visit
	var said []string
	d.with(x.Session, func(p *visit) {
		said = p.respond(text, firstName(x.Record))
		v = *p
	})
	replies := make([]Reply, len(said))
	for i, s := range said {
		replies[i] = d.speak(v.person, s)
	}
	if v.topic == "person" && len(replies) > 0 {
		// The assistant announces the colleague, who takes 2 s longer to answer.
		replies[0].Name, replies[0].Picture = mayaName, mayaPicture()
		if !d.hurry {
			replies[len(replies)-1].Delay += 2 * time.Second
		}
	}
	return replies
}

// speak returns a reply of the assistant, or of the person who has taken over.
func (d *demo) speak(person bool, text string) Reply {
	r := Reply{Text: text, Name: mayaName, Picture: mayaPicture()}
	if person {
		r.Name, r.Picture = danielName, danielPicture()
	}
	if !d.hurry {
		r.Delay = typingTime(text)
	}
	return r
}

// typingTime returns how long a fast typist takes to write a text.
func typingTime(text string) time.Duration {
	t := 700*time.Millisecond + time.Duration(utf8.RuneCountInString(text))*9*time.Millisecond
	return min(t, 3500*time.Millisecond)
}

// respond returns the replies to a text that is not a command: those of the topic
// with the most keywords in the text.
func (v *visit) respond(text, first string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
	best, score := topic{}, 0
	for _, t := range topics {
		n := 0
		for _, w := range words {
			if slices.ContainsFunc(t.words, func(k string) bool { return matches(w, k) }) {
				n++
			}
		}
		if n > score {
			best, score = t, n
		}
	}
	v.topic = best.name
	if score == 0 {
		v.puzzled++
		return []string{v.fallback(first)}
	}
	v.puzzled = 0
	switch {
	case best.name == "person" && v.person:
		v.topic = ""
		return []string{"I'm a person already, I promise. Daniel, from the estimating desk. What can I do for you?"}
	case best.name == "person":
		v.person = true
	}
	return best.say
}

// matches reports whether a word is a keyword, or begins with a keyword that ends
// in *.
func matches(word, keyword string) bool {
	if stem, ok := strings.CutSuffix(keyword, "*"); ok {
		return strings.HasPrefix(word, stem)
	}
	return word == keyword
}

// fallback returns the reply to a text without a known topic. first is the
// visitor's first name.
func (v *visit) fallback(first string) string {
	if v.person {
		return [...]string{
			"Got it, I'm writing that down for the crew. Anything else about the roof I should know?",
			"Thanks. I'd rather look at that on site than guess from here. Would a weekday morning suit you?",
		}[(v.puzzled-1)%2]
	}
	name := ""
	if first != "" {
		name = ", " + first
	}
	switch v.puzzled {
	case 1:
		return "I'm not sure I follow" + name + ". I'm best at roofs: **estimates**, **storm damage**, " +
			"**materials**, **timelines**, **warranty** and **financing**. Which one is it?"
	case 2:
		return "Still not quite with you, sorry. Could you say it in other words? A few that I know:\n\n" +
			"- How much is a new roof?\n- A branch hit my roof\n" +
			"- Which material lasts longest?"
	}
	return "I don't want to guess. Shall I get a colleague? Say **talk to a person** and Daniel will take over."
}
