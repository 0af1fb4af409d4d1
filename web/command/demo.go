package command

import (
	"net/http"

	"plurachat/protocol/protocoltest"
)

// demoFlow is the id of the flow on the preview's page. It is the example in Plura's documentation. The demo accepts
// any id.
const demoFlow = "87f66d6d-dba9-4a44-9274-02c6927a083a"

// demoServer starts the demo's server in this process. stop drops all connections and waits for its goroutines.
func demoServer() (handler http.Handler, stop func()) {
	s := protocoltest.New(protocoltest.Demo{}.Options())
	return s.Handler(), s.Close
}
