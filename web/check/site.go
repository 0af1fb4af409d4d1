package check

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

const (
	stepPage   = "page"
	stepScript = "script"
	docPage    = "status 200, HTML"
	docScript  = "status 200, JavaScript"
)

// siteCheck is one run of [Checker.Site].
type siteCheck struct {
	recorder
	client   *http.Client
	origin   string // of the page; empty: there is no page
	isolated bool   // the page requires Cross-Origin-Resource-Policy of what it embeds
	left     int    // bytes that may still be read
}

// Site fetches a page, or the script plura-chat.js itself, and the widget's files beside the script. It only reads. If
// ctx ends, it returns what it has found so far.
func (c *Checker) Site(ctx context.Context, address string) (Report, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return Report{}, errors.New("the address of the site must begin with https:// or http://")
	}
	client := c.client()
	client.CheckRedirect = nil // browsers follow redirects
	s := &siteCheck{client: client, left: allAtMost}
	s.ctx, s.heard = ctx, c.Heard
	if isLoader(u) {
		s.files(scriptTag{src: u})
	} else {
		s.page(u)
	}
	return s.report(), nil
}

// page checks a page and what it includes.
func (s *siteCheck) page(u *url.URL) {
	answer, err := s.fetch(u)
	switch {
	case err != nil:
		s.wrong(stepPage, docPage, err.Error(), "check the address and the network")
		return
	case answer.status != http.StatusOK:
		s.wrong(stepPage, docPage, fmt.Sprintf("status %d", answer.status),
			"check the address; pages behind a login cannot be checked")
		return
	case mediaType(answer.header) != "text/html":
		s.wrong(stepPage, docPage, "the type is "+mediaType(answer.header),
			"give the address of a page, or that of plura-chat.js")
		return
	}
	s.right(stepPage, docPage, shown(answer.url))
	p := parsePage(answer.url, answer.data)
	s.origin = originOf(answer.url)
	s.isolated = strings.HasPrefix(strings.ToLower(answer.header.Get("Cross-Origin-Embedder-Policy")), "require-corp")
	tag, ok := s.checkTag(p)
	s.checkAttributes(p)
	s.checkDialogs(p)
	if ok {
		s.checkPolicies(p, tag, parsePolicies(answer.header.Values("Content-Security-Policy"), p.policies))
		s.files(tag)
	}
}
