package command

import (
	"net/http"

	"plurachat/protocol/protocoltest"
)

// demoFlow is the flow on the preview's page, the one of Plura's documentation. The demo answers to any.
const demoFlow = "87f66d6d-dba9-4a44-9274-02c6927a083a"

// demoServer starts the assistant that the preview talks to, in this process. stop hangs up on everybody.
func demoServer() (handler http.Handler, stop func()) {
	s := protocoltest.New(protocoltest.Demo{}.Options())
	return s.Handler(), s.Close
}
