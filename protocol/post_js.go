package protocol

import (
	"context"
	"errors"
	"syscall/js"
)

// httpPoster is the platform's [Poster]. It uses the page's fetch, because
// net/http would add 400 KB to the WebAssembly.
type httpPoster struct{}

// Post implements [Poster].
func (httpPoster) Post(ctx context.Context, url string, body []byte) (answer Answer, err error) {
	defer func() { // the page may have replaced fetch by a function that throws
		switch thrown := recover().(type) {
		case nil:
		case error:
			err = thrown
		default:
			panic(thrown)
		}
	}()
	init := map[string]any{
		"method":         "POST",
		"body":           string(body),
		"headers":        map[string]any{"Content-Type": "application/json"},
		"credentials":    "omit",
		"referrerPolicy": "no-referrer",
		"cache":          "no-store",
		"redirect":       "manual", // the browser would send the body on after 307 and 308
	}
	abort := js.Global().Get("AbortController").New()
	defer abort.Call("abort") // also ends a response that a slow server is still sending
	resp, err := fetch(ctx, url, init, abort)
	if err != nil {
		if ctx.Err() == nil && reachable(ctx, url, abort) {
			return Answer{}, ErrCrossOrigin
		}
		return Answer{}, err
	}
	if resp.Get("type").String() == "opaqueredirect" {
		return Answer{}, ErrRedirected
	}
	answer.Status = resp.Get("status").Int()
	if v := resp.Get("headers").Call("get", "Retry-After"); v.Type() == js.TypeString {
		answer.RetryAfter = v.String()
	}
	answer.Body, err = read(ctx, resp)
	return answer, err
}

// read reads the first maxAnswer bytes of the body of a response. Some
// replacements of fetch have no streams.
func read(ctx context.Context, resp js.Value) ([]byte, error) {
	body := resp.Get("body")
	if !body.Truthy() {
		text, err := await(ctx, resp.Call("text"))
		if err != nil {
			return nil, err
		}
		s := text.String()
		return []byte(s[:min(len(s), maxAnswer)]), nil
	}
	all, n := make([]byte, maxAnswer), 0
	reader := body.Call("getReader")
	for n < maxAnswer {
		part, err := await(ctx, reader.Call("read"))
		if err != nil {
			return nil, err
		}
		if part.Get("done").Bool() {
			break
		}
		n += js.CopyBytesToGo(all[n:], part.Get("value"))
	}
	return all[:n], nil
}

// reachable reports whether the server answers a request whose response the page
// may not read. If it does, the browser has refused the call above.
func reachable(ctx context.Context, url string, abort js.Value) bool {
	_, err := fetch(ctx, url, map[string]any{
		"mode":           "no-cors",
		"credentials":    "omit",
		"referrerPolicy": "no-referrer",
		"cache":          "no-store",
	}, abort)
	return err == nil
}

func fetch(ctx context.Context, url string, init map[string]any, abort js.Value) (js.Value, error) {
	init["signal"] = abort.Get("signal")
	return await(ctx, js.Global().Call("fetch", url, js.ValueOf(init)))
}

// await waits for a promise.
func await(ctx context.Context, promise js.Value) (js.Value, error) {
	type result struct {
		v   js.Value
		err error
	}
	done := make(chan result, 1)
	var then, catch js.Func
	finish := func(r result) {
		done <- r
		then.Release()
		catch.Release()
	}
	then = js.FuncOf(func(_ js.Value, args []js.Value) any {
		finish(result{v: args[0]})
		return nil
	})
	catch = js.FuncOf(func(_ js.Value, args []js.Value) any {
		finish(result{err: errors.New(js.Global().Get("String").Invoke(args[0]).String())})
		return nil
	})
	promise.Call("then", then, catch)
	select {
	case r := <-done:
		return r.v, r.err
	case <-ctx.Done():
		return js.Value{}, ctx.Err()
	}
}
