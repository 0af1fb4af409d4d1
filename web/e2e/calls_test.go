package e2e

import (
	"testing"

	"plurachat/protocol/protocoltest"
)

// TestVoidCalls checks that the methods whose type is void resolve with undefined: before and after Go runs, in the page
// and in an iframe.
func TestVoidCalls(t *testing.T) {
	t.Parallel()
	for name, attributes := range map[string]string{"in the page": "", "in an iframe": "data-frame"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			tab := chromium.visitor(t).open(s.page("/", s.tag(attributes)))
			tab.wait(visible(part("launcher")))
			check := func(when string, names ...string) {
				t.Helper()
				for _, name := range names {
					if is := eval[string](tab, `PluraChat.`+name+`("My roof leaks").then(value => String(JSON.stringify(value)))`); is != "undefined" {
						t.Errorf("%s, %s resolves with %s", when, name, is)
					}
				}
			}
			check("before Go runs", "draft")
			tab.online()
			check("afterwards", "draft", "close", "open", "toggle", "reset", "destroy")
		})
	}
}
