package e2e

import "testing"

// What strangers write is shown as text, whatever it is and wherever it stands: nothing runs, nothing is fetched, and no element or attribute
// comes of it that the widget does not make by itself. The page's policy forbids nothing and reports everything: what could run does run, and
// what a strict page would refuse is known too.
func TestHostileContent(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		runCorpus(t, e, "")
	})
}
