//go:build !js

package protocol

import (
	"errors"
	"slices"
	"testing"
)

func TestBurst(t *testing.T) {
	var got []string
	c, err := NewClient(Options{Flow: testFlow, Handle: func(e Event) {
		switch {
		case e.Kind == Added:
			got = append(got, e.Entry.Text)
		case errors.Is(e.Err, ErrMalformed):
			got = append(got, "malformed")
		case errors.Is(e.Err, ErrNotText):
			got = append(got, "not text")
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	conn := &connection{phase: live}
	c.main = conn
	say := func(s string) string { return `{"type":"message","content":"` + s + `"}` }
	c.receivedBurst(conn, []byte(say("1")), true)
	c.receivedBurst(conn, []byte(say("2")+separator+"{"+separator+say("3")+separator+say("4")), true)
	c.receivedBurst(conn, []byte(say("5")+separator+say("6")), false)
	c.receivedBurst(conn, nil, true)
	c.receivedBurst(&connection{phase: live}, []byte(say("7")+separator+say("8")), true) // from a connection that was replaced
	if want := []string{"1", "2", "malformed", "3", "4", "not text", "malformed"}; !slices.Equal(got, want) {
		t.Errorf("heard %q, want %q", got, want)
	}
}
