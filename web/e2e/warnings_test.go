package e2e

import (
	"fmt"
	"slices"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// TestColorWarnings checks that the console names a color that the browser does not know, once, and that the widget then
// has the default.
func TestColorWarnings(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.page("/", s.tag(`data-color="0a66c2"`)))
	tab.launch()
	background := func() string { return eval[string](tab, `getComputedStyle(`+part("launcher")+`).backgroundColor`) }
	accent := background()
	var want []string
	for _, c := range []struct{ value, want string }{
		{"0a66c2", accent}, {"#0a66c2", "color(srgb 0.0392157 0.4 0.760784)"},
		{"blu", accent}, {"rgb(1 2 3)", "color(srgb 0.00392157 0.00784314 0.0117647)"}, {"", accent},
	} {
		eval[any](tab, fmt.Sprintf(`document.querySelector("plura-chat").setAttribute("color", %q)`, c.value))
		if c.want == accent && c.value != "" {
			want = append(want, `warning: plura-chat: attribute color "`+c.value+
				`" is not used; allowed: a CSS color such as #0a66c2 or rebeccapurple`)
		}
		if !suite.Poll(patience, func() bool { return slices.Equal(console(), want) }) {
			t.Fatalf("with color=%q, the console has %q, want %q", c.value, console(), want)
		}
		if !suite.Poll(patience, func() bool { return background() == c.want }) {
			t.Errorf("with color=%q, the launcher is %s, want %s", c.value, background(), c.want)
		}
	}
}
