package e2e

import (
	"os/exec"
	"testing"
)

// What site owners write compiles against plura-chat.d.ts, and what they must not write does not: with the DOM
// alone, with React and with Preact. The product's scripts keep to what they say of their types.
func TestTypes(t *testing.T) {
	tsc := npm(t, "typescript", "bin", "tsc")
	for _, project := range []string{"tsconfig.json", "tsconfig.react.json", "tsconfig.preact.json", "tsconfig.scripts.json"} {
		t.Run(project, func(t *testing.T) {
			t.Parallel()
			check := exec.Command("node", tsc, "--project", project)
			check.Dir = "types"
			if said, err := check.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, said)
			}
		})
	}
}
