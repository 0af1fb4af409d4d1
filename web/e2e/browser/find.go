package browser

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// find returns the program that the environment variable names, or the first of those names that is here.
func find(variable string, names ...string) (string, error) {
	if path := os.Getenv(variable); path != "" {
		return path, nil
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: %w (%s names another place)", strings.Join(names, ", "), ErrMissing, variable)
}
