//go:build !js

package protocoltest_test

import "regexp"

var uuids = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// uuidless replaces every UUID by @.
func uuidless(s string) string { return uuids.ReplaceAllString(s, "@") }
