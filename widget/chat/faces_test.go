package chat

import (
	"testing"

	"plurachat/protocol"
)

// The picture beside a message is the message's own. A message of the chat owner without one has the chat owner's
// picture, or the site owner's avatar until that arrives. Initials are shown where there is no picture.
func TestFaces(t *testing.T) {
	const ownHost, owners, avatar = "https://a.example/own.png", "https://a.example/owner.png", "https://a.example/avatar.png"
	for _, c := range []struct {
		name, picture, ownersPicture string
		want, initials               string
	}{
		{"Maya", ownHost, owners, ownHost, "M"},
		{"Maya", "", owners, "", "M"},
		{"Maya", "javascript:1", owners, "", "M"},
		{"", "", owners, owners, "FT"},
		{"", ownHost, owners, ownHost, "FT"},
		{"", "javascript:1", owners, owners, "FT"},
		{"Flow Tester", "", owners, owners, "FT"},
		{"Flow Tester", "", "", avatar, "FT"},
		{"Flow Tester", "", "http://a.example/owner.png", avatar, "FT"},
		{"Maya", "", "", "", "M"},
	} {
		s := begin(t, Config{Visible: true, Open: true, Options: Options{Avatar: avatar}})
		s.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{Name: "Flow Tester", Picture: c.ownersPicture}})
		s.agent(protocol.Entry{Text: "x", Name: c.name, Picture: c.picture, At: s.now})
		if r := s.rows[0]; r.Picture != c.want || r.Initials != c.initials {
			t.Errorf("%+v: %q, %q", c, r.Picture, r.Initials)
		}
	}
	// Messages without a name get the chat owner's once it is known.
	s := begin(t, Config{Visible: true, Open: true})
	s.agent(protocol.Entry{Text: "x", At: s.now})
	if r := s.rows[0]; r.Name != "Assistant" || r.Picture != "" || r.Initials != "A" {
		t.Errorf("without a sender: %+v", r)
	}
	for _, name := range []string{"Kim Lee", "Ann"} {
		s.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{Name: name, Picture: owners}})
		if r := s.rows[0]; r.Name != name || r.Picture != owners {
			t.Errorf("of %s: %+v", name, r)
		}
	}
	s.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{Name: "Ann"}})
	if r := s.rows[0]; r.Picture != "" {
		t.Errorf("without a face: %+v", r)
	}
}

// Only the last end of a flow offers a new conversation, and only until one has begun.
func TestOnlyTheLastEndOffers(t *testing.T) {
	s := begin(t, Config{Visible: true, Open: true})
	s.online()
	offers := func() (all []bool) {
		for _, r := range s.rows {
			if r.Kind == protocol.Ended {
				all = append(all, r.Offer)
			}
		}
		return all
	}
	hold := func(name string, want ...bool) {
		t.Helper()
		got := offers()
		for i := range want {
			if len(got) != len(want) || got[i] != want[i] {
				t.Errorf("%s: offers %v, want %v", name, got, want)
				return
			}
		}
	}
	s.agent(protocol.Entry{Kind: protocol.Ended, At: s.now})
	hold("an end", true)
	s.says("one more thing")
	hold("something more", true)
	s.agent(protocol.Entry{Kind: protocol.Ended, At: s.now})
	hold("another end", false, true)
	s.sends("Hello?")
	s.agent(protocol.Entry{Kind: protocol.Fresh, At: s.now})
	hold("a new conversation", false, false)
}
