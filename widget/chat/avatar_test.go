package chat

import (
	"strings"
	"testing"

	"plurachat/protocol"
)

// No picture of the page's own host is loaded, except the site owner's avatar.
func TestPicturesOfOwnHost(t *testing.T) {
	const ownHost, foreign, avatar = "https://shop.example/logout", "https://pictures.example/a.png", "https://shop.example/face.png"
	asked := 0
	config := Config{Visible: true, Open: true, OwnHost: func(address string) bool { asked++; return strings.Contains(address, "shop.example") }}
	config.Options.Avatar = avatar
	s := begin(t, config)
	for i, c := range []struct{ owner, message, header, face string }{
		{ownHost, "", avatar, avatar},
		{ownHost, ownHost, avatar, avatar},
		{foreign, ownHost, foreign, foreign},
		{foreign, avatar, foreign, avatar},
		{avatar, foreign, avatar, foreign},
		{"data:image/png;base64,AA", "data:image/gif;base64,AA", "data:image/png;base64,AA", "data:image/gif;base64,AA"},
		{"http://pictures.example/a.png", "javascript:x", avatar, avatar},
	} {
		s.event(protocol.Event{Kind: protocol.OwnerNamed, Owner: protocol.Owner{ID: "o", Name: "Maya", Picture: c.owner}})
		if got := s.last.Screen.Picture; got != c.header {
			t.Errorf("%d: the header shows %s, want %s", i, got, c.header)
		}
		s.event(protocol.Event{Kind: protocol.Added, Entry: protocol.Entry{Key: string(rune('a' + i)), Kind: protocol.Agent, Name: "Maya", Picture: c.message, Text: "Hi", At: s.now}})
		if got := s.rows[len(s.rows)-1].Picture; got != c.face {
			t.Errorf("%d: the face beside the message is %s, want %s", i, got, c.face)
		}
	}
	if asked == 0 {
		t.Error("OwnHost was not called")
	}
}
