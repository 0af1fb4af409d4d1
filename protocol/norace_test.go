//go:build !race && !js

package protocol

const raceDetector = false
