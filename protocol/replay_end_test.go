//go:build !js

package protocol

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// repeats runs a test of a client with a stored conversation and a pending message, "new", after the first frames of a
// replay.
func repeats(t *testing.T, c Conversation, frames string, f func(s *odd)) {
	t.Helper()
	meets(t, c, always(oddSession), func(s *odd) {
		s.Connect()
		s.Send("a", "new")
		s.say(talk(frames)...)
		synctest.Wait()
		f(s)
	})
}

// over checks that a replay is over after a time, when the pending message is written.
func (s *odd) over(t *testing.T, after time.Duration) {
	t.Helper()
	time.Sleep(after - time.Millisecond)
	if len(s.messages()) > 0 {
		t.Errorf("the message is written before %v", after)
	}
	s.until(time.Millisecond, "the message is written", func() bool { return len(s.messages()) == 1 })
}

// busy keeps the client's goroutine busy, as a page is that the browser does not give the frames that have arrived.
func (s *odd) busy(d time.Duration) {
	s.queue.put(func() { time.Sleep(d) })
	synctest.Wait()
	time.Sleep(d)
	synctest.Wait()
}

const repeated = "a:Hi v:one a:A v:two a:B v:three a:C"

// A replay that pauses in the middle of the history, as on a bad line, may go on after more than the second of quiet.
func TestReplayPauses(t *testing.T) {
	repeats(t, kept(repeated), "a:Hi#11 v:one#12 a:A#13", func(s *odd) {
		time.Sleep(3900 * time.Millisecond)
		s.say(talk("v:two#14")...)
		time.Sleep(3900 * time.Millisecond)
		s.shows("Hi one A two B three C new…")
		s.say(talk("a:B#15 v:three#16 a:C#17 a:D#18")...)
		s.over(t, time.Second)
		s.shows("Hi one A two B three C D new…")
	})
}

// What the client waits for after the first frames of a replay, if no others come. It waits only for what looks like a
// part of the history.
func TestPartsOfReplays(t *testing.T) {
	for _, c := range []struct {
		stored, replay string
		over           time.Duration
		shows          string
	}{
		{repeated, "a:Hi#11 v:one#12 a:A#13", 4 * time.Second, "Hi one A two B three C one A new…"},
		{repeated, "a:Hi#11 v:one#12 a:A#13 a:x", time.Second, "Hi one A two B three C one A x new…"},
		{repeated, "v:two#14 a:B#15 v:three#16", 4 * time.Second, "Hi one A two B three C new…"},
		{repeated, "v:three#16 a:C#17", time.Second, "Hi one A two B three C new…"},
		{repeated, "a:A#11 a:B#12 a:C#13", time.Second, "Hi one A two B three C new…"},
		{repeated, "a:A#11 a:B#12", 4 * time.Second, "Hi one A two B three C A B new…"},
		{repeated, "a:Hi#11", time.Second, "Hi one A two B three C new…"},
		{"a:Hi v:one a:A v:two a:B v:three", "a:Hi#11 a:A#12 a:B#13", time.Second, "Hi one A two B three new…"},
		{repeated, "v:x#11 a:y", time.Second, "Hi one A two B three C x y new…"},
		// A greeting of two messages.
		{"a:Hi a:Ask v:one a:A v:two", "a:Hi#11 a:Ask#12", time.Second, "Hi Ask one A two Ask new…"},
		// The visitor says the same several times.
		{"a:Hi v:1 a:A v:2 a:B v:1", "a:Hi#11 v:1#12", 4 * time.Second, "Hi 1 A 2 B 1 new…"},
		{"a:Hi v:1 a:A v:2 a:A v:1", "a:A#11 v:1#12", time.Second, "Hi 1 A 2 A 1 new…"},
		// A server does not repeat that the flow has ended.
		{"a:Hi v:one a:A v:two a:B !", "v:two#11 a:B#12", time.Second, "Hi one A two B end new…"},
	} {
		conversation := kept(strings.TrimSuffix(c.stored, " !"))
		if strings.HasSuffix(c.stored, "!") {
			conversation.Apply(Event{Kind: Added, Entry: Entry{Key: "end", Kind: Ended, Text: "end"}})
		}
		repeats(t, conversation, c.replay, func(s *odd) {
			s.over(t, c.over)
			s.shows(c.shows)
		})
	}
}

// A reloaded page has not all of a long conversation. A replay that begins with the opening and has not reached what is
// stored is not over.
func TestReplayOfMoreThanIsStored(t *testing.T) {
	c := kept(repeated)
	c.Drop(0, 5)
	repeats(t, c, "a:Hi#11 v:one#12 a:A#13", func(s *odd) {
		time.Sleep(3 * time.Second)
		s.say(talk("v:two#14 a:B#15 v:three#16 a:C#17")...)
		s.over(t, time.Second)
		s.shows("one A two B three C new…") // the opening is known
	})
}

// A busy page comes late to the end of a replay, perhaps before it receives the frames that have arrived meanwhile.
func TestReplayOnABusyPage(t *testing.T) {
	const rest = "v:two#14 a:B#15 v:three#16 a:C#17"
	for _, d := range []time.Duration{1200 * time.Millisecond, 3 * time.Second, 12 * time.Second} {
		repeats(t, kept(repeated), "", func(s *odd) {
			s.busy(d)
			s.say(talk("a:Hi#11 v:one#12 a:A#13 " + rest)...)
			s.over(t, time.Second)
			s.shows("Hi one A two B three C new…")
		})
		repeats(t, kept(repeated), "", func(s *odd) {
			s.busy(d)
			s.over(t, 200*time.Millisecond)
		})
	}
	for _, first := range []string{"", "a:Hi#11 "} { // busy twice
		repeats(t, kept(repeated), "", func(s *odd) {
			s.busy(1500 * time.Millisecond)
			s.say(talk(first)...)
			s.busy(1500 * time.Millisecond)
			if first == "" {
				if len(s.messages()) != 1 {
					t.Error("a page that is always busy writes no message")
				}
				return
			}
			s.say(talk("v:one#12 a:A#13 " + rest)...)
			s.over(t, time.Second)
			s.shows("Hi one A two B three C new…")
		})
	}
	repeats(t, kept(repeated), "a:Hi#11 v:one#12", func(s *odd) { // busy when a slow replay would have to be over
		for _, frames := range []string{"a:A#13", "v:two#14", "a:B#15"} {
			time.Sleep(3 * time.Second)
			s.say(talk(frames)...)
		}
		s.busy(3 * time.Second)
		s.say(talk("v:three#16 a:C#17")...)
		s.over(t, 200*time.Millisecond)
		s.shows("Hi one A two B three C new…")
	})
	repeats(t, kept(repeated), "a:Hi#11 v:one#12 a:A#13", func(s *odd) { // busy twice, the second time in a pause
		s.busy(1500 * time.Millisecond)
		time.Sleep(2900 * time.Millisecond)
		s.busy(time.Second)
		s.say(talk(rest)...)
		s.over(t, time.Second)
		s.shows("Hi one A two B three C new…")
	})
}

// Frames that are not part of the replay do not make a pause longer or shorter, and a connection that ends in a pause
// makes the client wait no more.
func TestReplayPausesForAWhile(t *testing.T) {
	repeats(t, kept(repeated), "a:Hi#11 v:one#12 a:A#13", func(s *odd) {
		time.Sleep(3500 * time.Millisecond)
		s.say(`{"type":"ping"}`)
		s.over(t, 500*time.Millisecond)
		s.drop()
		s.say(talk("a:Hi#21 v:one#22 a:A#23")...)
		time.Sleep(3 * time.Second)
		s.say(talk("v:two#24 a:B#25 v:three#26 a:C#27")...)
		time.Sleep(time.Second + time.Millisecond)
		s.shows("Hi one A two B three C one A new…") // the client waits again; "one A" were new in the first replay
	})
	repeats(t, kept(repeated), "a:Hi#11 v:one#12 a:A#13", func(s *odd) {
		time.Sleep(2 * time.Second)
		s.drop()
		s.say(talk("a:Hi#11 v:one#12 a:A#13")...)
		synctest.Wait()
		s.over(t, time.Second)
		s.drop()
		s.say(talk("a:Hi#21 v:one#22 a:A#23")...)
		time.Sleep(3 * time.Second)
		s.say(talk("v:two#24 a:B#25 v:three#26 a:C#27 v:new#28")...)
		time.Sleep(time.Second + time.Millisecond)
		s.shows("Hi one A two B three C new") // the client waits again
	})
	repeats(t, kept(repeated), "a:Hi#11 v:one#12 a:A#13", func(s *odd) { // the client itself ends the connection
		time.Sleep(2 * time.Second)
		s.Suspend()
		s.Wake()
		time.Sleep(time.Millisecond)
		s.say(talk("a:Hi#11 v:one#12 a:A#13")...)
		time.Sleep(3 * time.Second)
		s.say(talk("v:two#14 a:B#15 v:three#16 a:C#17")...)
		s.over(t, time.Second)
		s.shows("Hi one A two B three C new…")
	})
	repeats(t, kept(repeated), "", func(s *odd) { // a page that is always busy, and a server that never stops
		for range 12 {
			s.busy(1500 * time.Millisecond)
			s.say(talk("a:x")...)
		}
		if len(s.messages()) != 1 {
			t.Error("the message is not written")
		}
	})
}
