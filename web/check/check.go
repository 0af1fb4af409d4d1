package check

import (
	"errors"
	"net/http"
	"net/url"
)

// Checker checks flows and sites. The zero value is ready to use. A Checker may be used by several goroutines at once.
type Checker struct {
	// Client makes the requests and the connections; nil: [http.DefaultClient].
	Client *http.Client
	// Heard is called with each finding as soon as there is one, by one goroutine at a time. It may be nil.
	Heard func(Finding)
}

// client returns a copy of the Client that does not follow redirects.
func (c *Checker) client() *http.Client {
	client := http.Client{}
	if c.Client != nil {
		client = *c.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// cause returns why a request has failed, without its address, whose query may have a token.
func cause(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
