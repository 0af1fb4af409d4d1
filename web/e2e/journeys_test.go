package e2e

import "testing"

// journeys are what visitors do. They run in every engine.
var journeys = []struct {
	name string
	run  func(*testing.T, *engine)
}{
	{"chat", chat},
	{"drop", drop},
	{"hanging handshake", hangingHandshake},
	{"hostile", hostile},
	{"markdown", markdown},
	{"storage forbidden", storageForbidden},
	{"keyboard", keyboard},
	{"right to left", rightToLeft},
	{"tabs", tabs},
	{"lead form", leadForm},
}

func TestJourneys(t *testing.T) {
	everywhere(t, func(t *testing.T, e *engine) {
		for _, journey := range journeys {
			t.Run(journey.name, func(t *testing.T) { journey.run(t, e) })
		}
	})
}
