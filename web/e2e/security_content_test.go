package e2e

import "testing"

// TestHostileContent checks that text from strangers is shown as text, in every place where the widget shows it:
// nothing runs, nothing is fetched, and the text adds no element or attribute. The page's policy is in Report-Only
// mode: a script that could run does run, and what a strict page would block is reported.
func TestHostileContent(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		runCorpus(t, e, "")
	})
}
