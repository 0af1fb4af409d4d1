//go:build !race && !js

package protocoltest_test

const raceEnabled = false
