package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"plurachat/web/e2e/browser"
	"plurachat/web/e2e/suite"
)

// These are expressions for what tests look for in the widget: the parts that README lists.

// root is the shadow root of the page's first widget.
const root = `document.querySelector("plura-chat")?.shadowRoot`

// part returns an expression for the first element with that part.
func part(name string) string {
	return root + `?.querySelector("[part~=` + name + `]")`
}

// message is a row of the transcript as the visitor sees it.
type message struct {
	From  string `json:"from"`
	State string `json:"state"` // of the visitor's messages: sending, sent or failed
	Text  string `json:"text"`
}

// messages is an expression for the rows of the transcript, as a list of message.
const messages = `[...(` + root + `?.querySelectorAll("[part~=message]") ?? [])].map(row => ({
	from: row.dataset.from, state: row.dataset.state ?? "", text: row.querySelector("[part~=bubble]")?.textContent ?? ""}))`

// visible returns an expression that is true if the element takes up space.
func visible(element string) string {
	return `((` + element + `)?.getClientRects().length > 0)`
}

// transcript returns the rows that the visitor sees.
func (b *tab) transcript() []message {
	b.t.Helper()
	return eval[[]message](b, messages)
}

// launch clicks the launcher and returns once the chat is online.
func (b *tab) launch() {
	b.t.Helper()
	b.wait(visible(part("launcher")))
	b.click(part("launcher"))
	b.wait(visible(part("panel")))
	b.online()
}

// online returns once the widget is connected.
func (b *tab) online() {
	b.t.Helper()
	b.wait(`PluraChat.state == "online"`)
}

// say types a text into the composer, once the composer has the focus, and presses Enter.
func (b *tab) say(text string) {
	b.t.Helper()
	b.wait(`document.activeElement?.shadowRoot?.activeElement?.matches("[part~=input]")`)
	b.press(text + browser.Enter)
}

// said returns once the visitor's message of that text is acknowledged.
func (b *tab) said(text string) {
	b.t.Helper()
	b.wait(acknowledged(text))
}

// loses breaks the connection and returns once the visitor can see that. Until then the server accepts no connection,
// because the widget's first attempt might succeed before the test looks.
func (b *tab) loses(s *site) {
	b.t.Helper()
	s.flow.HangDials(true)
	s.flow.DropAll()
	b.wait(`PluraChat.state == "reconnecting"`)
	b.wait(part("status") + `.textContent != ""`)
	s.flow.HangDials(false)
}

// redialled is said for use after a lost connection. It fires the event "online" and does not wait for the widget's
// next attempt, whose delay increases after each loss.
func (b *tab) redialled(text string) {
	b.t.Helper()
	b.wait(`(PluraChat.state == "reconnecting" && dispatchEvent(new Event("online")), ` + acknowledged(text) + `)`)
}

func acknowledged(text string) string {
	return messages + fmt.Sprintf(`.some(m => m.from == "visitor" && m.state == "sent" && m.text == %q)`, text)
}

// heard returns once a message of the agent contains the text.
func (b *tab) heard(text string) {
	b.t.Helper()
	b.wait(messages + fmt.Sprintf(`.some(m => m.from == "agent" && m.text.includes(%q))`, text))
}

// shows fails the test unless the transcript becomes want. It polls, because a tab draws what it has received in its
// next animation frame.
func (b *tab) shows(want []message) {
	b.t.Helper()
	var got []message
	if !suite.Poll(patience, func() bool { got = b.transcript(); return reflect.DeepEqual(got, want) }) {
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

// picture writes a picture of the tab to shots/, which is not committed, and returns the file's path.
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
