package build

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol"
)

// TestFrameStatus checks that the page around an iframe dispatches a state with its reason, and again if only the reason
// has changed, and that it accepts no other reason than a text that is not longer than a frame.
func TestFrameStatus(t *testing.T) {
	status := func(detail string) string { return `["status",` + detail + `,"reconnecting",0]` }
	type question struct {
		post string // what the iframe posts
		want string // the detail that the page dispatches
	}
	questions := []question{
		{status(`{"state":"loading"}`), ""}, // the page's own state
		{status(`{"state":"reconnecting","reason":"the network"}`), `{"state":"reconnecting","reason":"the network"}`},
		{status(`{"state":"reconnecting","reason":"the server"}`), `{"state":"reconnecting","reason":"the server"}`},
		{status(`{"state":"reconnecting"}`), ""},
		{status(`{"state":"online","more":"x"}`), `{"state":"online"}`},
		{status(`{"state":"online","reason":"` + strings.Repeat("x", protocol.MaxFrame+1) + `"}`), ""},
	}
	for _, reason := range []string{"null", "1", "true", "{}", "[]", `["x"]`, `{"toString":1}`} {
		questions = append(questions, question{status(`{"state":"online","reason":` + reason + `}`), ""})
	}
	var posts []json.RawMessage
	var want []string
	for _, q := range questions {
		posts = append(posts, json.RawMessage(q.post))
		want = append(want, q.want)
	}
	var got []string
	askScript(t, "UTC", "web/frame/iframe_handle.js", `
		import { onIframeEvent } from "./iframe_handle.js";
		import { pageShapes } from "./page_shapes.js";
		let dispatched = "";
		const host = { emit: (name, detail) => (dispatched = JSON.stringify(detail)) };
		const side = { host, placeholder: { onEvent() {} }, state: "loading" };
		console.log(JSON.stringify(QUESTIONS.map((post) => {
			dispatched = "";
			pageShapes.event(post) && onIframeEvent(side, post);
			return dispatched;
		})));`, posts, &got)
	if !slices.Equal(got, want) {
		t.Errorf("the page dispatches\n%q, want\n%q", got, want)
	}
}
