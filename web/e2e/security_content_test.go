package e2e

import "testing"

// What strangers write is shown as text, whatever it is and wherever it stands: nothing runs, nothing is fetched, and no element or attribute
// comes of it that the widget does not make by itself. On a page without a policy it could; on a strict one it would be reported.
func TestHostileContent(t *testing.T) {
	for _, e := range engines {
		t.Run(e.Name, func(t *testing.T) {
			e.need(t)
			t.Run("a page without a policy", func(t *testing.T) { runCorpus(t, e, nil, "") })
			if e == chromium {
				t.Run("a strict page", func(t *testing.T) { runCorpus(t, e, strict, "") })
			}
		})
	}
}
