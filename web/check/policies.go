package check

import (
	"net/url"
	"strings"

	"plurachat/protocol"
)

// Steps of the page's content security policy.
const (
	stepPolicy     = "page policy"
	stepBackground = "page policy, worker"
)

const (
	docPolicy     = "script-src: the script, 'wasm-unsafe-eval'; connect-src: the files, the service; img-src: https: data:"
	docFrame      = "script-src and frame-src with the host of the files"
	docBackground = "worker-src blob: is optional"
)

// checkPolicies compares the page's policies to what the widget needs.
func (s *siteCheck) checkPolicies(p *page, tag scriptTag, policies []policy) {
	need, doc := newNeeds(p, tag), docPolicy
	if need.framed {
		doc = docFrame
	}
	if len(policies) == 0 {
		s.right(stepPolicy, doc, "the page has none")
		return
	}
	for _, of := range policies {
		need.compare(of)
	}
	switch {
	case len(need.missing) > 0:
		s.wrong(stepPolicy, doc, "not allowed: "+strings.Join(need.missing, "; "), "add these sources to the policy")
	case len(need.useful) > 0:
		s.odd(stepPolicy, doc, "not allowed: "+strings.Join(need.useful, "; "), "add these sources if you need them")
	default:
		s.right(stepPolicy, doc, "all is allowed")
	}
	if need.noWorker {
		s.odd(stepBackground, docBackground, "not allowed",
			"allow it, and visitors whose tab is hidden stay online in the inbox")
	}
}

// needs are what a page's widgets need of its policies, and what the policies do not allow of that.
type needs struct {
	page            *url.URL
	tag             scriptTag
	socket, session *url.URL
	posts           bool // the page initialises sessions
	framed          bool // the chat is in an iframe

	missing, useful []string // what is not allowed: without missing, the chat does not work
	noWorker        bool
}

// newNeeds returns the needs of a page's widgets.
func newNeeds(p *page, tag scriptTag) *needs {
	parse := func(given, usual string) *url.URL {
		if u, err := url.Parse(given); err == nil && u.Host != "" {
			return u
		}
		u, _ := url.Parse(usual) // a constant
		return u
	}
	n := &needs{page: p.url, tag: tag}
	socket, session := "", ""
	for _, w := range p.widgets() {
		socket, session = w["socket-url"], w["session-url"]
		_, record := w["record"]
		_, form := w["prechat"]
		_, frame := w["frame"]
		n.posts, n.framed = n.posts || record || form, n.framed || frame
	}
	n.socket, n.session = parse(socket, protocol.DefaultSocketURL), parse(session, protocol.DefaultSessionURL)
	return n
}

// compare adds what a policy does not allow.
func (n *needs) compare(of policy) {
	if !of.allowsScript(n.page, n.tag) {
		n.missing = append(n.missing, "script-src "+originOf(n.tag.src))
	}
	if n.framed {
		n.reach(of, &n.missing, n.tag.src, "frame-src", "child-src")
		return
	}
	if !of.allowsEngine() {
		n.missing = append(n.missing, "script-src 'wasm-unsafe-eval'")
	}
	n.reach(of, &n.missing, n.tag.src.ResolveReference(&url.URL{Path: "."}), "connect-src")
	n.reach(of, &n.missing, n.socket, "connect-src")
	if n.posts {
		n.reach(of, &n.missing, n.session, "connect-src")
	} else {
		n.reach(of, &n.useful, n.session, "connect-src")
	}
	if !of.allowsURL(n.page, &url.URL{Scheme: "https", Host: "pictures.invalid"}, "img-src", "default-src") {
		n.useful = append(n.useful, "img-src https: (or the host of the chat owner's picture)")
	}
	sources, limited := of.sources("worker-src", "child-src", "script-src", "default-src")
	n.noWorker = n.noWorker || limited && !has(sources, "blob:")
}

// reach adds an address to a list unless the policy allows it for the first directive that it has of those.
func (n *needs) reach(of policy, list *[]string, u *url.URL, directives ...string) {
	if !of.allowsURL(n.page, u, append(directives, "default-src")...) {
		*list = append(*list, directives[0]+" "+originOf(u))
	}
}
