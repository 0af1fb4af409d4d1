package backend

import (
	"fmt"
	"slices"
	"testing"

	"plurachat/protocol"
)

// wire is a Backend that records its calls.
type wire struct{ told []string }

func (w *wire) say(what ...any)             { w.told = append(w.told, fmt.Sprintln(what...)) }
func (w *wire) Connect()                    { w.say("connect") }
func (w *wire) ConnectAnonymous()           { w.say("connect anonymously") }
func (w *wire) Send(key, text string)       { w.say("send", key, text) }
func (w *wire) Retry(key string)            { w.say("retry", key) }
func (w *wire) Remove(key string)           { w.say("remove", key) }
func (w *wire) Typing(on bool)              { w.say("typing", on) }
func (w *wire) Attention(on bool)           { w.say("attention", on) }
func (w *wire) Network(up bool)             { w.say("network", up) }
func (w *wire) Wake()                       { w.say("wake") }
func (w *wire) Suspend()                    { w.say("suspend") }
func (w *wire) Tick()                       { w.say("tick") }
func (w *wire) Identify(r string, d uint32) { w.say("identify", r, d) }
func (w *wire) Reset()                      { w.say("reset") }
func (w *wire) StartNew()                   { w.say("new") }
func (w *wire) Close()                      { w.say("close") }
func (w *wire) Adopt(flow string, s protocol.SessionID) {
	w.say("adopt", flow, string(s))
}

// Each command calls its method of the backend, with its arguments, and no other method.
func TestCommandsReachTheBackend(t *testing.T) {
	for kind, want := range map[Kind]string{
		Connect: "connect anonymously", Send: "send k t", Retry: "retry k", Remove: "remove k", Typing: "typing true",
		Attend: "attention true", Network: "network true", Wake: "wake", Suspend: "suspend", Identify: "identify t 9",
		Adopt: "adopt f s", Reset: "reset", StartNew: "new",
	} {
		w := &wire{}
		c := Command{Kind: kind, Key: "k", Text: "t", On: true, Digest: 9, Flow: "f", Session: "s"}
		if c.Call(w); !slices.Equal(w.told, []string{want + "\n"}) {
			t.Errorf("command %d: %q, want %q", kind, w.told, want)
		}
	}
	w := &wire{}
	if (&Command{Kind: Connect}).Call(w); !slices.Equal(w.told, []string{"connect\n"}) {
		t.Errorf("connect: %q", w.told)
	}
	w = &wire{}
	if (&Command{Kind: StartNew + 1}).Call(w); len(w.told) > 0 {
		t.Errorf("an unknown one: %q", w.told)
	}
}
