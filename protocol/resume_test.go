//go:build !js

package protocol

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// talk parses words such as "a:Hi" and "v:one#2", as lines does. It returns the server's frames.
func talk(s string) (frames []string) {
	for _, word := range strings.Fields(s) {
		text, id, _ := strings.Cut(word[2:], "#")
		if word[0] == 'v' {
			frames = append(frames, recv(id, text))
		} else {
			frames = append(frames, agent(id, text))
		}
	}
	return
}

// kept returns a stored conversation of such words, all delivered. The text "—" is a divider.
func kept(s string) Conversation {
	c := Conversation{Session: testSession, Flow: testFlow}
	entries, _ := lines(s)
	for _, e := range entries {
		if e.Text == "—" {
			e.Kind = Fresh
		}
		c.Apply(Event{Kind: Added, Entry: e})
	}
	return c
}

// resumes runs a test of a client with a stored conversation, after a replay.
func resumes(t *testing.T, c Conversation, replay string, f func(s *odd)) {
	t.Helper()
	meets(t, c, always(oddSession), func(s *odd) {
		s.Connect()
		s.say(talk(replay)...)
		time.Sleep(time.Second + time.Millisecond)
		f(s)
	})
}

// A replay that does not pause ends after 1 s without a frame, and after 10 s in any case: otherwise a server that never
// stops would keep messages from being written and from being shown.
func TestReplayEnds(t *testing.T) {
	meets(t, stored(), always(oddSession), func(s *odd) {
		s.Connect()
		s.Send("a", "one")
		s.until(time.Second, "without a replay, the message is written", func() bool { return len(s.messages()) == 1 })
	})
	meets(t, stored(), always(oddSession), func(s *odd) {
		s.Connect()
		s.Send("a", "one")
		synctest.Wait()
		time.Sleep(900 * time.Millisecond)
		s.say(agent("2", "news"))
		s.shows("Hi one…")
		s.until(time.Second, "the message is written", func() bool { return len(s.messages()) == 1 })
		s.shows("Hi news one…") // in the order in which the server has them
	})
	meets(t, stored(), always(oddSession), func(s *odd) {
		s.Connect()
		s.Send("a", "one")
		synctest.Wait()
		for range 99 {
			time.Sleep(100 * time.Millisecond)
			s.say(agent("", "x"))
		}
		s.shows("Hi one…")
		s.until(100*time.Millisecond, "the message is written", func() bool { return len(s.messages()) == 1 })
		if n := strings.Count(s.transcript(), "x"); n != 99 {
			t.Errorf("%d of 99 messages are shown", n)
		}
		s.say(agent("", "y"))
		if !strings.HasSuffix(s.transcript(), "y") {
			t.Error("what comes after the replay is held back")
		}
	})
}

// If the connection ends during the replay, only the beginning was repeated: it is recognised, and the messages after
// it are not taken for lost.
func TestReplayThatIsCut(t *testing.T) {
	const before = "a:Hi v:one a:A v:two a:B v:three a:C"
	meets(t, kept(before), always(oddSession), func(s *odd) {
		s.Connect()
		s.say(talk("a:Hi#11 v:one#12")...)
		s.drop()
		s.shows("Hi one A two B three C")
		if id := s.now().Entries[1].ID; id != "12" {
			t.Errorf("the id that the cut replay told is not taken over: %q", id)
		}
		s.say(talk(before + " a:D")...)
		time.Sleep(2 * time.Second)
		s.shows("Hi one A two B three C D")
	})
	// A few frames and then a pause are a whole replay. They are so far from the end of the transcript that they are
	// new.
	resumes(t, kept(before), "a:A v:one", func(s *odd) { s.shows("Hi one A two B three C A one") })
}

// Entries above the divider of a new conversation are not recognised: in a new conversation the server's ids begin with
// 1 again, and visitors often begin with the same words.
func TestRecognitionEndsAtTheDivider(t *testing.T) {
	c := kept("a:Hi#1 v:one#2 a:—#x a:Hello#1")
	resumes(t, c, "a:Hello#1 v:one#2", func(s *odd) {
		s.shows("Hi one — Hello one")
		s.say(recv("2", "one")) // the server repeats the recv on the same connection
		s.shows("Hi one — Hello one")
	})
	meets(t, c, always(oddSession), func(s *odd) { // the visitor wrote on another device, and there is no replay
		s.Connect()
		s.settle()
		s.say(recv("2", "one"))
		s.shows("Hi one — Hello one")
		s.say(recv("2", "one"))
		s.shows("Hi one — Hello one")
	})
	// Delivered messages above the divider do not make the greeting of the new conversation a replay.
	meets(t, kept("a:Hi v:one a:—"), always(oddSession), func(s *odd) {
		s.Connect()
		s.say(talk("a:Hi")...)
		s.shows("Hi one — Hi")
	})
}

// A message with n recvs is in the server's history n times and is shown once. Further copies are other messages.
func TestEchoes(t *testing.T) {
	for recvs, want := range map[int]string{1: "Hi one re one one", 2: "Hi one re one", 3: "Hi one re"} {
		c := kept("a:Hi v:one a:re")
		c.Entries[1].Writes, c.Entries[1].Recvs = recvs, recvs
		resumes(t, c, "a:Hi v:one a:re v:one v:one", func(s *odd) {
			s.shows(want)
		})
	}
	// An equal message that was written on another device is another message.
	c := kept("a:Hi v:one a:re v:one")
	c.Entries[1].Writes, c.Entries[1].Recvs = 2, 2
	resumes(t, c, "a:Hi v:one a:re v:one v:one", func(s *odd) { s.shows("Hi one re one") })
	// Copies are recognised in each form in which the server may store the text. The agent's messages are not copies.
	c = kept("a:Hi v:R&D a:re")
	c.Entries[1].Writes, c.Entries[1].Recvs = 2, 2
	resumes(t, c, "a:Hi v:R&amp;D a:re v:R&amp;D a:R&D", func(s *odd) { s.shows("Hi R&D re R&D") })
}

// The ids of a replay replace the stored ids. If it has none, the stored ids are kept.
func TestIDsOfAReplay(t *testing.T) {
	for replay, want := range map[string]string{
		"a:Hi#1 v:one#2": "1 2, 0 new", "a:Hi v:one": "1 2, 0 new", "a:Hi#7 v:one#8": "7 8, 2 new", "a:Hi#7 v:one": "7 2, 1 new",
	} {
		resumes(t, kept("a:Hi#1 v:one#2"), replay, func(s *odd) {
			s.shows("Hi one")
			if got := fmt.Sprintf("%s %s, %d new", s.now().Entries[0].ID, s.now().Entries[1].ID, len(s.of(Renamed))); got != want {
				t.Errorf("%s: ids %s, want %s", replay, got, want)
			}
		})
	}
}

// The greeting that began the conversation is shown only once, also after the transcript was trimmed.
func TestOpening(t *testing.T) {
	long := kept("a:Hi#1 v:one a:A v:two a:B")
	trimmed := long.Clone()
	trimmed.Trim(2, 1<<20, 1<<20)
	for _, c := range []Conversation{long, trimmed} {
		shown := texts(&c)
		meets(t, c, always(oddSession), func(s *odd) {
			s.Connect()
			for i := range 3 {
				s.say(talk("a:Hi#" + []string{"7", "7", "8"}[i])...)
				time.Sleep(2 * time.Second)
				s.shows(shown)
				s.drop()
			}
			if n := len(s.of(Renamed)); n != 2 {
				t.Errorf("%d new ids were told of the greeting, want one for each: %v", n, s.of(Renamed))
			}
			if s.now().Opening.ID != "8" && c.Entries[0].Text == "Hi" {
				t.Errorf("the greeting's id is %q", s.now().Opening.ID)
			}
			s.say(talk("a:news a:Hi")...) // not the first message of the replay, so it is new
			time.Sleep(2 * time.Second)
			s.shows(shown + " news Hi")
		})
	}
	// After a reset, the next greeting is the opening.
	meets(t, long, always(""), func(s *odd) {
		s.Connect()
		s.say(oddSession)
		s.settle()
		s.Reset()
		s.Connect()
		s.say(oddSession, agent("1", "Hello"))
		if got := s.now().Opening; got.Text != "Hello" {
			t.Errorf("the opening is %q", got.Text)
		}
		s.drop()
		s.say(oddSession, agent("1", "Hi"))
		time.Sleep(2 * time.Second)
		s.shows("Hello Hi")
	})
	meets(t, long, always(""), func(s *odd) { // the greeting of a new conversation is its opening
		s.StartNew()
		s.say(otherSession, agent("1", "Hello"))
		s.shows("Hi one A two B — Hello")
		if got := s.now().Opening; got.Text != "Hello" {
			t.Errorf("the opening is %q", got.Text)
		}
	})
}

// If a replay contained a message of the last 5 minutes, its recv may still arrive and adds no message: the connection
// may have been lost between the message and its recv. After 5 minutes, a recv with that text is another message.
func TestRecvAfterItsReplay(t *testing.T) {
	for age, want := range map[time.Duration]string{5*time.Minute - time.Millisecond: "Hi one", 5 * time.Minute: "Hi one one"} {
		steadily(t, func(s *odd) {
			s.Send("a", "one")
			s.say(recv("2", "one"))
			time.Sleep(age - 3*time.Second) // the other 3 s pass until the replay is over
			s.answers("", oddSession)
			s.conn(0).Close()
			time.Sleep(2 * time.Second)
			s.say(talk("a:Hi v:one")...)
			time.Sleep(2 * time.Second)
			s.say(recv("9", "one"))
			s.shows(want)
		})
	}
	// A message from another device has had its recv: a second recv is another message.
	steadily(t, func(s *odd) {
		s.say(recv("2", "one"))
		s.drop()
		s.say(oddSession, agent("1", "Hi"), recv("2", "one"))
		time.Sleep(2 * time.Second)
		s.say(recv("3", "one"))
		s.shows("Hi one one")
	})
	// The same holds for a message that only the replay acknowledged.
	steadily(t, func(s *odd) {
		s.Send("a", "one")
		s.drop()
		s.say(oddSession, agent("1", "Hi"), recv("2", "one"))
		time.Sleep(2 * time.Second)
		s.say(recv("3", "one"))
		s.shows("Hi one")
		if got := s.messages(); len(got) != 1 {
			t.Errorf("written %q", got)
		}
	})
}

// A replay that contains a message of the visitor, even as its first, contains all that the server has: a message that
// is not in it moves below it.
func TestReplayTellsWhatTheServerLacks(t *testing.T) {
	resumes(t, kept("v:one a:A"), "v:one a:A", func(s *odd) {
		s.Send("b", "two")
		for range 2 { // the message is written twice and lost twice
			s.drop()
			s.say(oddSession)
			s.say(talk("v:one a:A")...)
			time.Sleep(2 * time.Second)
		}
		s.say(talk("a:C")...)
		s.drop()
		s.say(oddSession)
		s.say(talk("v:one a:A a:B a:C")...)
		time.Sleep(2 * time.Second)
		s.shows("one A B C two…")
	})
}

// A greeting is shown above messages that were not written before it, also at the beginning of the transcript.
func TestGreetingBeforeWhatWaits(t *testing.T) {
	for _, c := range []Conversation{{}, kept("")} {
		meets(t, c, always(oddSession), func(s *odd) {
			s.Send("a", "one")
			s.Send("b", "two")
			s.say(talk("a:Hi")...)
			time.Sleep(time.Second + time.Millisecond)
			s.shows("Hi one… two…")
		})
	}
}

// A frame with the id, side and text of one of the newest 200 entries is not new, neither in a replay that does not
// align nor as a recv that acknowledges nothing.
func TestKnownByID(t *testing.T) {
	c := kept("a:Hi#1 v:old#2 v:one#3")
	c.Entries[2].Echo = "[1]" // the text that the server stored
	for i := range 199 {
		c.Apply(Event{Kind: Added, Entry: Entry{Key: fmt.Sprint("n", i), ID: fmt.Sprint("n", i), Text: fmt.Sprint("n", i)}})
	}
	for frame, news := range map[string]bool{
		"v:one#3": false, // the 200th entry from the end
		"v:old#2": true,  // the 201st entry from the end
		"v:[1]#3": false,
		"v:[2]#3": true,
		"v:one#4": true, // another id
		"v:two#3": true, // another text
		"v:n7#n7": true, // another side
		"v:one":   true, // no id
	} {
		meets(t, c, always(oddSession), func(s *odd) {
			s.Connect()
			s.settle()
			before := len(s.of(Added))
			s.say(talk(frame)...)
			if got := len(s.of(Added)) > before; got != news {
				t.Errorf("%s: news: %v", frame, got)
			}
		})
	}
}

// The frames that arrive before the session frame, and those of a replay, are limited to 2 MiB. Before the session
// frame, the newest are dropped, because the client does not know yet what they are. Of a replay, the oldest are
// dropped, because the newest are compared with the transcript.
func TestHeldBytes(t *testing.T) {
	big := strings.Repeat("x", 100_000)
	shown := func(s *odd) (ids string) {
		for _, e := range s.now().Entries[1:] {
			ids += e.ID + " "
		}
		return
	}
	early, replay := "", ""
	for i := range 20 {
		early += fmt.Sprint(i, " ")
		replay += fmt.Sprint(i+10, " ")
	}
	meets(t, stored(), always(""), func(s *odd) {
		s.Connect()
		synctest.Wait()
		for i := range 30 {
			s.say(agent(fmt.Sprint(i), fmt.Sprint(i, big)))
		}
		s.say(oddSession)
		s.settle()
		if got := shown(s); got != early {
			t.Errorf("of what came before the session frame: %s, want %s", got, early)
		}
		if n := len(s.of(Ignored)); n != 10 {
			t.Errorf("%d frames were counted as ignored", n)
		}
	})
	meets(t, stored(), always(oddSession), func(s *odd) {
		s.Connect()
		for i := range 30 {
			s.say(agent(fmt.Sprint(i), fmt.Sprint(i, big)))
		}
		s.settle()
		if got := shown(s); got != replay {
			t.Errorf("of a replay: %s, want %s", got, replay)
		}
	})
	// A frame whose content is larger as JSON text than all that is kept is ignored, and the others are not.
	meets(t, stored(), always(oddSession), func(s *odd) {
		s.Connect()
		s.say(agent("2", "one"), `{"type":"message","content":["`+strings.Repeat("\x7f", 400_000)+`"]}`, agent("3", "two"))
		s.shows("Hi")
		s.settle()
		s.shows("Hi one two")
		if n := len(s.of(Ignored)); n != 1 {
			t.Errorf("%d frames were counted as ignored", n)
		}
	})
	// A frame counts 200 bytes in addition to its length.
	meets(t, stored(), always(""), func(s *odd) {
		s.Connect()
		synctest.Wait()
		frames := make([]string, 11_000)
		for i := range frames {
			frames[i] = agent("", "x")
		}
		s.say(frames...)
		kept := (2 << 20) / (len(agent("", "x")) + 200)
		s.say(oddSession)
		s.settle()
		if n := len(s.of(Ignored)); n != len(frames)-kept {
			t.Errorf("%d of %d small frames were dropped, want %d", n, len(frames), len(frames)-kept)
		}
	})
}

// If the server stores another text than the visitor wrote, its recv acknowledges the message, also if it is the first
// one.
func TestFirstMessageIsStoredOtherwise(t *testing.T) {
	meets(t, Conversation{}, always(oddSession), func(s *odd) {
		s.Connect()
		time.Sleep(time.Second + time.Millisecond)
		s.Send("a", "one")
		s.say(recv("1", "uno"))
		if all := s.of(Acknowledged); len(all) != 1 || all[0].Text != "uno" || all[0].ID != "1" {
			t.Errorf("acknowledged: %+v", all)
		}
	})
}
