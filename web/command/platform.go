package command

import "runtime"

// platform is an operating system and a processor, as Go names them.
type platform struct{ system, processor string }

var (
	here    = platform{runtime.GOOS, runtime.GOARCH}
	browser = platform{"js", "wasm"}

	// vetted lists the platforms for which vet runs, in addition to the current one: the browser, and those on which
	// developers work.
	vetted = []platform{browser, {"darwin", "arm64"}, {"windows", "amd64"}}
)

func (p platform) String() string { return p.system + "/" + p.processor }

// env returns the environment in which the go command, and what runs it, works for the platform.
func (p platform) env() []string { return []string{"GOOS=" + p.system, "GOARCH=" + p.processor} }
