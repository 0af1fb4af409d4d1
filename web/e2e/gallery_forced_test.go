package e2e

import (
	"fmt"
	"testing"
)

// TestGalleryForcedColors checks the panel's edges and the composer with forced colours, also while only start.js runs.
func TestGalleryForcedColors(t *testing.T) {
	_, s := newGallery(t)
	var forced look
	for _, l := range looks {
		if l.media["forced-colors"] == "active" {
			forced = l
		}
	}
	for _, state := range []string{"loading", "stopped", "lost", "conversation", "inline-greeting"} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			b := chromium.visitor(t).frame(s.URL, state, nil)
			b.as(forced)
			if got := eval[string](b, `getComputedStyle(`+part("panel")+`).borderTopWidth`); got != "1px" {
				t.Errorf("the panel's border is %s", got)
			}
			const bar = `(style => parseFloat(style.borderTopWidth) > 1 && style.borderTopColor != %s)`
			if eval[bool](b, fmt.Sprintf(bar, `getComputedStyle(`+part("panel")+`).backgroundColor`)+`(getComputedStyle(`+part("input")+`))`) {
				t.Error("the composer has a bar above and below its text")
			}
		})
	}
}
