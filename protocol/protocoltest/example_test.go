//go:build !js

package protocoltest_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/coder/websocket"

	"plurachat/protocol/protocoltest"
)

func ExampleNewServer() {
	srv := protocoltest.NewServer(protocoltest.Options{})
	defer srv.Close()

	ctx := context.Background()
	url := srv.SocketURL() + "/webchat/flow/87f66d6d-dba9-4a44-9274-02c6927a083a/session/null/r/true"
	ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: srv.Client()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ws.CloseNow()
	if err := ws.Write(ctx, websocket.MessageText, []byte(`{"type":"message","message":"Do you fix gutters?"}`)); err != nil {
		fmt.Println(err)
		return
	}
	for range 5 {
		_, raw, err := ws.Read(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		var f struct{ Type, Name, Content string }
		if err := json.Unmarshal(raw, &f); err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s %q %q\n", f.Type, f.Name, f.Content)
	}
	fmt.Println("broken rules:", len(srv.Violations()))
	// Output:
	// session "" ""
	// chatowner "Flow Tester" ""
	// message "Assistant" "Hi! How can I help you today?"
	// recv "Anonymous" "Do you fix gutters?"
	// message "Assistant" "You said: Do you fix gutters?"
	// broken rules: 0
}

// This fault function drops the connection at every third message, before the
// message is logged.
func ExampleOptions_fault() {
	messages := 0
	srv := protocoltest.NewPipe(protocoltest.Options{
		Fault: func(e protocoltest.Event) (a protocoltest.Action) {
			if e.Kind == protocoltest.Message {
				if messages++; messages%3 == 0 {
					a.Do = protocoltest.Drop
				}
			}
			return a
		},
	})
	defer srv.Close()
}
