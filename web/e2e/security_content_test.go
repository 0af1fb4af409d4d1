package e2e

import "testing"

// What strangers write is shown as text, whatever it is and wherever it stands: nothing runs, nothing is fetched, and no element or attribute
// comes of it that the widget does not make by itself. The page's policy forbids nothing and reports everything: what could run does run, and
// what a strict page would refuse is known too.
func TestHostileContent(t *testing.T) {
	t.Parallel()
	for _, e := range engines {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			e.need(t)
			runCorpus(t, e, "")
		})
	}
}
