package check

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/andybalholm/brotli"
)

// Limits of one request of a check of a site.
const (
	fetchTime     = 30 * time.Second
	sentAtMost    = 8 << 20  // bytes as they are sent
	decodedAtMost = 32 << 20 // bytes after decompression
)

// allAtMost is the largest number of bytes that one check of a site reads, as sent and after decompression. It keeps
// the files until it ends.
const allAtMost = 4 * decodedAtMost

// fetched is the answer to a request.
type fetched struct {
	url    *url.URL // after redirects
	status int
	header http.Header
	data   []byte // decompressed
	sent   int    // size as it was sent
}

// fetch requests a file as a browser does, which accepts brotli and gzip and names the page's origin.
func (s *siteCheck) fetch(u *url.URL) (*fetched, error) {
	ctx, cancel := context.WithTimeout(s.ctx, fetchTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("the request: %w", err)
	}
	request.Header.Set("Accept-Encoding", "gzip, br")
	request.Header.Set("User-Agent", "Mozilla/5.0 (compatible; plura-chat check)")
	if s.origin != "" {
		request.Header.Set("Origin", s.origin)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("no answer: %w", cause(err))
	}
	defer response.Body.Close()
	raw, broken, err := s.read(response.Body, sentAtMost)
	if broken != nil {
		return nil, fmt.Errorf("the answer broke off: %w", broken)
	}
	if err != nil {
		return nil, err
	}
	f := &fetched{url: response.Request.URL, status: response.StatusCode, header: response.Header, sent: len(raw)}
	if f.status >= 400 {
		return f, nil // the status is what counts, whatever the text is
	}
	f.data, err = s.decoded(raw, f.encoding())
	return f, err
}

// read reads to the end, if that is within a limit and within what is left for the whole check. broken is an error of
// the reader.
func (s *siteCheck) read(from io.Reader, most int) (data []byte, broken, err error) {
	limit := min(most, s.left)
	data, broken = io.ReadAll(io.LimitReader(from, int64(limit)+1))
	s.left -= min(len(data), s.left)
	switch {
	case broken != nil || len(data) <= limit:
		return data, broken, nil
	case limit < most:
		return nil, nil, fmt.Errorf("what the host sends is larger than %d bytes together", allAtMost)
	}
	return nil, nil, fmt.Errorf("larger than %d bytes", most)
}

// encoding returns the answer's Content-Encoding, or "".
func (f *fetched) encoding() string { return f.header.Get("Content-Encoding") }

// decoded decompresses an answer.
func (s *siteCheck) decoded(raw []byte, encoding string) ([]byte, error) {
	var from io.Reader
	switch encoding {
	case "", "identity":
		return raw, nil
	case "br":
		from = brotli.NewReader(bytes.NewReader(raw))
	case "gzip":
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil, fmt.Errorf("not gzip, as Content-Encoding says: %w", err)
		}
		from = z
	default:
		return nil, fmt.Errorf("Content-Encoding %q, which was not asked for", encoding)
	}
	data, broken, err := s.read(from, decodedAtMost)
	if broken != nil {
		return nil, fmt.Errorf("not %s, as Content-Encoding says: %w", encoding, broken)
	}
	return data, err
}

// shown returns an address without what may be secret.
func shown(u *url.URL) string {
	short := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return short.String()
}

// originOf returns the origin of an address.
func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }
