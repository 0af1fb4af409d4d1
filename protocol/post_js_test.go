package protocol

import (
	"context"
	"errors"
	"syscall/js"
	"testing"
	"time"
)

// withFetch replaces the browser's fetch with one that returns the value of a JavaScript expression.
func withFetch(t *testing.T, body string) {
	native := js.Global().Get("fetch")
	t.Cleanup(func() { js.Global().Set("fetch", native) })
	js.Global().Call("eval", `globalThis.sent = 0, globalThis.aborted = false;
		globalThis.fetch = async (url, { signal }) => {
			signal.addEventListener("abort", () => aborted = true);
			return `+body+`;
		}`)
}

// Post stops reading at its limit, so that an endless answer does not need endless memory.
func TestPostReadsNoMoreThanItTakes(t *testing.T) {
	withFetch(t, `new Response(new ReadableStream({ pull(c) { sent++; c.enqueue(new Uint8Array(50_000).fill(120)) } }), { headers: { "Retry-After": "7" } })`)
	answer, err := httpPoster{}.Post(t.Context(), "https://x/", nil)
	if err != nil || len(answer.Body) != maxAnswer || answer.Status != 200 || answer.RetryAfter != "7" {
		t.Errorf("%d bytes of body, status %d, %v", len(answer.Body), answer.Status, err)
	}
	if n := js.Global().Get("sent").Int(); n > 4 || !js.Global().Get("aborted").Bool() {
		t.Errorf("%d parts were read; aborted: %v", n, js.Global().Get("aborted"))
	}
}

// Post ends when its context does, also while the server sends single bytes.
func TestPostEndsASlowAnswer(t *testing.T) {
	withFetch(t, `new Response(new ReadableStream({ async pull(c) { await new Promise(r => setTimeout(r, 10)); c.enqueue(new Uint8Array(1)) } }))`)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := httpPoster{}.Post(ctx, "https://x/", nil)
	if !errors.Is(err, context.DeadlineExceeded) || !js.Global().Get("aborted").Bool() {
		t.Errorf("%v; aborted: %v", err, js.Global().Get("aborted"))
	}
}

func TestPostReadsWhatHasNoStream(t *testing.T) {
	for body, want := range map[string]string{
		`{ status: 400, type: "basic", headers: new Headers, text: async () => "says" }`: "says",
		`new Response(null, { status: 204 })`:                                            "",
		`new Response("a whole one")`:                                                    "a whole one",
	} {
		withFetch(t, body)
		if answer, err := (httpPoster{}).Post(t.Context(), "https://x/", nil); err != nil || string(answer.Body) != want {
			t.Errorf("%s: %q, %v", body, answer.Body, err)
		}
	}
	withFetch(t, `0`)
	js.Global().Call("eval", `fetch = () => { throw new TypeError("not here") }`)
	if _, err := (httpPoster{}).Post(t.Context(), "https://x/", nil); err == nil {
		t.Error("a fetch that throws made an answer")
	}
}

func TestNormalizeInTheBrowser(t *testing.T) {
	for in, want := range map[string]string{"cafe\u0301": "café", "\u1112\u1161\u11ab": "한", "x": "x", "": ""} {
		if got := normalize(in); got != want {
			t.Errorf("normalize(%q) = %q, want %q", in, got, want)
		}
	}
	o := Options{}
	o.defaults()
	if !o.sameText("cafe\u0301 &amp;  x", "café & x") {
		t.Error("a browser's client compares as it is")
	}
}
