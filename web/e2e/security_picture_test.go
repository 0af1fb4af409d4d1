package e2e

import (
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// TestPicturesOfOwnHost checks that a picture on the page's own host is not loaded, however a message writes its
// address. The request would carry the visitor's cookies and could, for example, log them out. Pictures on other hosts
// are loaded.
func TestPicturesOfOwnHost(t *testing.T) {
	t.Parallel()
	for _, framed := range []bool{false, true} {
		name := "on the page"
		if framed {
			name = "in a frame"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			attributes := ""
			if framed {
				attributes = "data-frame"
			}
			tab := chromium.visitor(t).open("about:blank")
			requested := recordRequests(tab)
			tab.open(s.page("/", s.tag(attributes)))
			tab.launch()
			wrong := []string{
				"https://127.0.0.1/logout", "HTTPS://127.0.0.1:8443/logout", "https:///127.0.0.1/logout", "https:////127.0.0.1/logout", "https://2130706433/logout", "https://0x7f.1/logout",
				"https://x:y@127.0.0.1/logout", "https://127.0.0.1./logout", "https://１２７.0.0.1/logout", `https://127.0.0.1\logout`, "https://%31%32%37.0.0.1/logout", "https://[::1/logout",
			}
			const right = "https://pictures.invalid/face.png"
			session := s.flow.Sessions()[0]
			for _, picture := range append(wrong, right) {
				if err := s.flow.Push(session, protocoltest.Reply{Text: "It is " + picture, Name: "Eve of " + picture, Picture: picture}); err != nil {
					t.Fatal(err)
				}
			}
			if !suite.Poll(patience, func() bool {
				for _, url := range requested() {
					if url == right {
						return true
					}
				}
				return false
			}) {
				t.Errorf("a picture from elsewhere is not asked for: %q", requested())
			}
			for _, url := range requested() {
				if strings.HasPrefix(strings.ToLower(url), "https:") && url != right {
					t.Errorf("a request to %s", url)
				}
			}
		})
	}
}
