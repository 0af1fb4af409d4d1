//go:build !js

package protocol

import (
	"bytes"
	"context"
	"io"
	"net/http"
)

// httpPoster is the platform's [Poster].
type httpPoster struct{ Client *http.Client }

// HTTPPoster returns a [Poster] that uses an HTTP client, for tests with
// in-memory connections.
func HTTPPoster(client *http.Client) Poster { return httpPoster{client} }

// Post implements [Poster].
func (p httpPoster) Post(ctx context.Context, url string, body []byte) (Answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	client := http.Client{}
	if p.Client != nil {
		client = *p.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return ErrRedirected }
	resp, err := client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	return Answer{Status: resp.StatusCode, RetryAfter: resp.Header.Get("Retry-After"), Body: data}, err
}
