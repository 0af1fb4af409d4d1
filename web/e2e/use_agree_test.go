package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"plurachat/web/e2e/suite"
)

// numbered matches the beginning of the agent's messages.
var numbered = regexp.MustCompile(`^Answer \d+\.`)

// agrees returns once every tab shows the whole conversation as the server has it, and the server has everything that
// the visitor has said, each message once and in order.
func (u *use) agrees() {
	u.t.Helper()
	var disagrees string
	if !suite.Poll(patience, func() bool { disagrees = u.disagreement(); return disagrees == "" }) {
		u.t.Fatalf("after %s %s\n%s", patience, disagrees, u.open[0].state())
	}
}

// disagreement says in what a tab or the server differs from what was said, or returns "".
func (u *use) disagreement() string {
	u.t.Helper()
	var got, answers []string
	for _, session := range u.sessions() {
		for _, text := range u.s.flow.Messages(session) {
			if !slices.Contains(got, text) { // a message may arrive twice, in an outage
				got = append(got, text)
			}
		}
		for _, turn := range u.s.flow.History(session) {
			if number := numbered.FindString(turn.Text); !turn.Visitor && number != "" {
				answers = append(answers, number)
			}
		}
	}
	if !slices.Equal(got, u.said) {
		return fmt.Sprintf("the server has %q, and the visitor said %q", tail(got), tail(u.said))
	}
	if len(answers) < len(u.said)+u.pushed {
		return "the agent has not answered"
	}
	for i, b := range u.open {
		var said, heard []string
		unsent := false
		for _, m := range b.transcript() {
			if number := numbered.FindString(m.Text); m.From == "agent" && number != "" {
				heard = append(heard, number)
			} else if m.From == "visitor" {
				said = append(said, m.Text)
				unsent = unsent || m.State != "sent"
			}
		}
		if unlike := unlikeEnd(said, u.said); unlike != "" {
			return fmt.Sprintf("in tab %d the visitor %s", i, unlike)
		}
		if unlike := unlikeEnd(heard, answers); unlike != "" {
			return fmt.Sprintf("in tab %d the agent %s", i, unlike)
		}
		if unsent {
			return fmt.Sprintf("tab %d shows a message that is not sent", i)
		}
		if draft := b.composer().Value; draft != "" {
			return fmt.Sprintf("the composer of tab %d has %q", i, draft)
		}
	}
	return ""
}

// unlikeEnd says how a tab does not show the end of a list, or returns "". A tab that was reloaded has not all of a long
// conversation.
func unlikeEnd(shown, all []string) string {
	const kept = 60 // of the 200 messages of both sides that are stored
	if n := min(len(all), kept); len(shown) < n {
		return fmt.Sprintf("says %d things, want %d or more: %q", len(shown), n, tail(shown))
	}
	for back := 1; back <= min(len(shown), len(all)); back++ {
		if got, want := shown[len(shown)-back], all[len(all)-back]; got != want {
			return fmt.Sprintf("says %q as number %d from the end, want %q; the end is %q", got, back, want, tail(shown))
		}
	}
	if len(shown) > len(all) {
		return fmt.Sprintf("says %d things, want %d", len(shown), len(all))
	}
	return ""
}

// shot keeps a picture of the first time that something is seen.
func (u *use) shot(b *tab, what string) {
	u.t.Helper()
	if u.seen[what] {
		return
	}
	u.seen[what] = true
	png, err := b.Picture()
	if err != nil {
		u.t.Errorf("taking a picture: %v", err)
	}
	u.keep(what, png, ".png")
}

// keep writes a file to shots/use, which is not committed.
func (u *use) keep(what string, data []byte, ext string) {
	u.t.Helper()
	folder := filepath.Join("shots", "use")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		u.t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(folder, u.name+" "+what+ext), data, 0o644); err != nil {
		u.t.Error(err)
	}
}

// tail returns the end of a list, for a message.
func tail(list []string) []string { return list[max(0, len(list)-8):] }
