//go:build !js

package protocol

import (
	"context"
	"errors"
	"testing"
)

// script is a Conn that reads what it is given.
type script []string

func (s *script) Read(context.Context) ([]byte, bool, error) {
	if len(*s) == 0 {
		return nil, false, errors.New("the end")
	}
	first := (*s)[0]
	*s = (*s)[1:]
	return []byte(first), first[0] != 0, nil
}

func (s *script) Write(context.Context, []byte) error { return nil }
func (s *script) Close()                              {}

func TestBurst(t *testing.T) {
	b := &burst{Conn: &script{`{"a":1}`, "{1}\x1e{2}\x1e{3}", "\x00\x1ebinary", "{4}"}}
	for _, want := range []string{`{"a":1}`, "{1}", "{2}", "{3}", "\x00\x1ebinary", "{4}"} {
		data, text, err := b.Read(t.Context())
		if err != nil || string(data) != want || text != (want[0] != 0) {
			t.Errorf("read %q, %v, %v; want %q", data, text, err, want)
		}
	}
	if _, _, err := b.Read(t.Context()); err == nil {
		t.Error("read on after the end")
	}
}
