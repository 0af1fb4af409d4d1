package preview

import (
	"net/http"
	"regexp"
)

// address is where a browser has found the preview. Behind a proxy, that is not where the preview listens.
type address struct {
	secure     bool
	host, path string // the path is empty, or begins with a slash and does not end with one
}

// What a header may contain: the address becomes part of the page and of its policy.
var (
	hostPattern = regexp.MustCompile(`^([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?$`)
	pathPattern = regexp.MustCompile(`^(/[\w.~-]+)*$`)
)

// addressOf returns the address of a request. It uses the headers that a proxy adds, X-Forwarded-Proto,
// X-Forwarded-Host and X-Forwarded-Prefix, because they only change what the sender of the request gets.
func addressOf(r *http.Request) address {
	a := address{secure: r.TLS != nil}
	if proto := r.Header.Get("X-Forwarded-Proto"); proto != "" {
		a.secure = proto == "https"
	}
	for _, host := range []string{r.Header.Get("X-Forwarded-Host"), r.Host} {
		if hostPattern.MatchString(host) {
			a.host = host
			break
		}
	}
	if path := r.Header.Get("X-Forwarded-Prefix"); pathPattern.MatchString(path) {
		a.path = path
	}
	return a
}

// url returns the address as a URL with the scheme http or ws, or their secure forms.
func (a address) url(scheme string) string {
	if a.secure {
		scheme += "s"
	}
	return scheme + "://" + a.host + a.path
}
