package check

import (
	"net/url"
	"slices"
	"strings"
)

// policy is one content security policy: the sources by directive.
type policy map[string][]string

// parsePolicies reads policies from headers, which may contain several, and from meta elements.
func parsePolicies(headers, metas []string) []policy {
	var list []policy
	for _, header := range headers {
		metas = append(slices.Clone(metas), strings.Split(header, ",")...)
	}
	for _, text := range metas {
		p := policy{}
		for directive := range strings.SplitSeq(text, ";") {
			words := strings.Fields(directive)
			if len(words) == 0 {
				continue
			}
			if name := strings.ToLower(words[0]); p[name] == nil { // the first one of a name counts
				p[name] = append([]string{}, words[1:]...)
			}
		}
		if len(p) > 0 {
			list = append(list, p)
		}
	}
	return list
}

// sources returns the sources of the first directive that the policy has, and whether it has one.
func (p policy) sources(directives ...string) ([]string, bool) {
	for _, name := range directives {
		if list, ok := p[name]; ok {
			return list, true
		}
	}
	return nil, false
}

// has reports whether a list of sources has a keyword, such as 'self'.
func has(sources []string, keyword string) bool {
	return slices.ContainsFunc(sources, func(s string) bool { return strings.EqualFold(s, keyword) })
}

// allowsScript reports whether the policy lets the page run the widget's scripts: by their address, by the tag's nonce,
// which its modules inherit, or by its integrity. That counts only with 'strict-dynamic', because import() has none.
func (p policy) allowsScript(page *url.URL, tag scriptTag) bool {
	sources, ok := p.sources("script-src-elem", "script-src", "default-src")
	if !ok {
		return true
	}
	if nonce := tag.attributes["nonce"]; nonce != "" && slices.Contains(sources, "'nonce-"+nonce+"'") {
		return true
	}
	if has(sources, "'strict-dynamic'") {
		return hashed(sources, tag.attributes["integrity"])
	}
	return allows(sources, tag.src, page)
}

// hashed reports whether a list of sources has all digests of an attribute integrity, which has at least one (CSP Level
// 3, section 6.7.1.1).
func hashed(sources []string, integrity string) bool {
	url := strings.NewReplacer("-", "+", "_", "/") // the other alphabet of base64 is allowed in both
	same := func(a, b string) bool {
		kindA, digestA, _ := strings.Cut(a, "-")
		kindB, digestB, _ := strings.Cut(b, "-")
		return strings.EqualFold(kindA, kindB) && url.Replace(digestA) == url.Replace(digestB)
	}
	found := 0
	for _, one := range strings.Fields(integrity) {
		one, _, _ = strings.Cut(one, "?") // options
		if !strings.HasPrefix(strings.ToLower(one), "sha") {
			continue
		}
		if !slices.ContainsFunc(sources, func(s string) bool { return same(strings.Trim(s, "'"), one) }) {
			return false
		}
		found++
	}
	return found > 0
}

// allowsEngine reports whether the policy lets the page compile WebAssembly.
func (p policy) allowsEngine() bool {
	sources, ok := p.sources("script-src", "default-src")
	return !ok || has(sources, "'wasm-unsafe-eval'") || has(sources, "'unsafe-eval'")
}

// allowsURL reports whether the policy lets the page request an address for a directive.
func (p policy) allowsURL(page, u *url.URL, directives ...string) bool {
	sources, ok := p.sources(directives...)
	return !ok || allows(sources, u, page)
}

// allows reports whether one of the sources matches an address.
func allows(sources []string, u, page *url.URL) bool {
	return slices.ContainsFunc(sources, func(source string) bool { return matches(source, u, page) })
}

// matches reports whether a source matches an address (CSP Level 3, section 6.7.2).
func matches(source string, u, page *url.URL) bool {
	switch {
	case source == "*":
		return u.Scheme == page.Scheme || slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme)
	case strings.EqualFold(source, "'self'"):
		secure := strings.NewReplacer("ws", "http")
		return u.Host == page.Host && schemeMatches(page.Scheme, secure.Replace(u.Scheme))
	case strings.HasPrefix(source, "'"):
		return false
	case strings.HasSuffix(source, ":"):
		return schemeMatches(strings.ToLower(strings.TrimSuffix(source, ":")), u.Scheme)
	}
	scheme, rest, ok := strings.Cut(source, "://")
	if !ok {
		scheme, rest = page.Scheme, source
	}
	host, where, _ := strings.Cut(rest, "/")
	name, port, hasPort := strings.Cut(strings.ToLower(host), ":")
	return schemeMatches(strings.ToLower(scheme), u.Scheme) && hostMatches(name, strings.ToLower(u.Hostname())) &&
		portMatches(port, hasPort, u) && pathMatches(where, strings.TrimPrefix(u.Path, "/"))
}

// schemeMatches reports whether a scheme of a source allows another one: itself, or its secure form.
func schemeMatches(allowed, scheme string) bool {
	return allowed == scheme || allowed == "http" && scheme == "https" || allowed == "ws" && scheme == "wss"
}

func hostMatches(pattern, host string) bool {
	if suffix, ok := strings.CutPrefix(pattern, "*"); ok {
		return suffix == "" || strings.HasPrefix(suffix, ".") && strings.HasSuffix(host, suffix)
	}
	return pattern == host
}

// portMatches reports whether the port of a source, which may be absent or *, allows that of an address.
func portMatches(port string, has bool, u *url.URL) bool {
	usual := map[string]string{"http": "80", "https": "443", "ws": "80", "wss": "443"}[u.Scheme]
	of := u.Port()
	if of == "" {
		of = usual
	}
	if !has {
		return of == usual
	}
	return port == "*" || port == of || port == "80" && of == "443"
}

func pathMatches(pattern, of string) bool {
	if pattern == "" {
		return true
	}
	if strings.HasSuffix(pattern, "/") {
		return strings.HasPrefix(of, pattern)
	}
	return pattern == of
}
