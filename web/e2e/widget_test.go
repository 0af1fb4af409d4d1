package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"plurachat/web/e2e/browser"
)

// What a test finds in the widget: README's table of parts, as expressions.

// root is the shadow root of the page's first widget.
const root = `document.querySelector("plura-chat")?.shadowRoot`

// part is the first element with that part.
func part(name string) string {
	return root + `?.querySelector("[part~=` + name + `]")`
}

// message is one row of the transcript as the visitor sees it.
type message struct {
	From  string `json:"from"`
	State string `json:"state"` // of the visitor's: sending, sent or failed
	Text  string `json:"text"`
}

// messages is the list of them.
const messages = `[...(` + root + `?.querySelectorAll("[part~=message]") ?? [])].map(row => ({
	from: row.dataset.from, state: row.dataset.state ?? "", text: row.querySelector("[part~=bubble]")?.textContent ?? ""}))`

// visible is true of an element that takes up space.
func visible(element string) string {
	return `((` + element + `)?.getClientRects().length > 0)`
}

// transcript returns what the visitor sees.
func (b *tab) transcript() []message {
	b.t.Helper()
	return eval[[]message](b, messages)
}

// launch clicks the launcher and returns when the chat is online.
func (b *tab) launch() {
	b.t.Helper()
	b.wait(visible(part("launcher")))
	b.click(part("launcher"))
	b.wait(visible(part("panel")))
	b.online()
}

// online returns when the widget says that it is connected.
func (b *tab) online() {
	b.t.Helper()
	b.wait(`PluraChat.state == "online"`)
}

// say types into the composer, that must have the focus, and presses Enter.
func (b *tab) say(text string) {
	b.t.Helper()
	b.wait(`document.activeElement?.shadowRoot?.activeElement?.matches("[part~=input]")`)
	b.press(text + browser.Enter)
}

// said returns when the visitor's message of that text is acknowledged.
func (b *tab) said(text string) {
	b.t.Helper()
	b.wait(acknowledged(text))
}

// loses breaks the connection and returns when the visitor is told. Nobody is let in again until then: the
// first attempt may be due sooner than anybody looks.
func (b *tab) loses(s *site) {
	b.t.Helper()
	s.flow.HangDials(true)
	s.flow.DropAll()
	b.wait(`PluraChat.state == "reconnecting"`)
	b.wait(part("status") + `.textContent != ""`)
	s.flow.HangDials(false)
}

// redialled is said after a connection was lost. It does not wait for the widget's own next attempt, which is
// further away after each loss: the page hears that the network is up.
func (b *tab) redialled(text string) {
	b.t.Helper()
	b.wait(`(PluraChat.state == "reconnecting" && dispatchEvent(new Event("online")), ` + acknowledged(text) + `)`)
}

func acknowledged(text string) string {
	return messages + fmt.Sprintf(`.some(m => m.from == "visitor" && m.state == "sent" && m.text == %q)`, text)
}

// heard returns when an agent's message contains the text.
func (b *tab) heard(text string) {
	b.t.Helper()
	b.wait(messages + fmt.Sprintf(`.some(m => m.from == "agent" && m.text.includes(%q))`, text))
}

// shows fails the test unless the transcript becomes this. What a tab has heard of is drawn with its next
// frame, which on a busy machine comes after the look.
func (b *tab) shows(want []message) {
	b.t.Helper()
	var got []message
	if !poll(patience, func() bool { got = b.transcript(); return reflect.DeepEqual(got, want) }) {
		b.t.Errorf("the transcript is\n%s\nwant\n%s", lines(got), lines(want))
	}
}

func lines(all []message) string {
	var s strings.Builder
	for _, m := range all {
		fmt.Fprintf(&s, "\t%s %s: %q\n", m.From, m.State, m.Text)
	}
	return s.String()
}

// picture keeps what the tab looks like in shots/, which is not committed, and returns the file.
func (b *tab) picture(name string) string {
	b.t.Helper()
	png, err := b.Picture()
	if err != nil {
		b.t.Errorf("taking a picture: %v", err)
		return ""
	}
	file := filepath.Join("shots", strings.NewReplacer("/", "-", " ", "-").Replace(name)+".png")
	if err := os.MkdirAll("shots", 0o755); err != nil {
		b.t.Errorf("keeping a picture: %v", err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		b.t.Errorf("keeping a picture: %v", err)
	}
	return file
}
