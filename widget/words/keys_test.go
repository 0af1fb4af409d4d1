package words

import (
	"fmt"
	"strings"
	"testing"
)

// TestCheck checks which members of a layer are named as faults, and with which key.
func TestCheck(t *testing.T) {
	for layer, want := range map[string]string{
		`{"placeholder":"Ask","unread.one":"{n}","unread.few":"{n}","tooLong.zero":"none","titleUnread":"x"}`: "[]",
		`{"placholder":"Ask"}`:               "[{placholder placeholder}]",
		`{"Placeholder":"Ask"}`:              "[{Placeholder placeholder}]",
		`{"launcherLabel":"x","retry ":"y"}`: "[{launcherLabel dropped} {retry  retry}]",
		`{"unread":"x"}`:                     "[{unread unread.one}]",
		`{"unread.any":"x"}`:                 "[{unread.any unread.one}]",
		`{"send.few":"x"}`:                   "[{send.few send}]",
		`{"send":1}`:                         "[{send a text}]",
		"not JSON":                           "[]",
		"[]":                                 "[]",
	} {
		got := Check(layer)
		if strings.Contains(layer, "launcherLabel") {
			got[0].Allowed = "dropped" // nothing is similar; any key is as good
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", layer, got, want)
		}
	}
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, `,"%s%d":""`, strings.Repeat("x", 1000), i)
	}
	if n := len(Check("{" + many.String()[1:] + "}")); n != mostFaults {
		t.Errorf("%d faults of 100", n)
	}
}
