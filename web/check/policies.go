package check

import (
	"net/url"
	"slices"
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
	need := newNeeds(p, tag)
	doc := need.doc()
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
	page   *url.URL
	tag    scriptTag
	framed bool // a chat is in an iframe

	// Addresses for the chats that are not in an iframe: of the sockets, for the sessions that they initialise, and for
	// those that the page may initialise by a call.
	sockets, sessions, possibleSessions []*url.URL

	missing, useful []string // what is not allowed: without missing, the chat does not work
	noWorker        bool
}

// newNeeds returns the needs of a page's widgets. Without widgets in the HTML, a script adds one.
func newNeeds(p *page, tag scriptTag) *needs {
	parse := func(given, usual string) *url.URL {
		if u, err := url.Parse(given); err == nil && u.Host != "" {
			return u
		}
		u, _ := url.Parse(usual) // a constant
		return u
	}
	n := &needs{page: p.url, tag: tag}
	widgets := p.widgets()
	if len(widgets) == 0 {
		widgets = []widget{nil}
	}
	for _, w := range widgets {
		if _, framed := w.attr("frame"); framed {
			n.framed = true
			continue
		}
		o, _ := p.options(w)
		n.sockets = append(n.sockets, parse(o.SocketURL, protocol.DefaultSocketURL))
		session := parse(o.SessionURL, protocol.DefaultSessionURL)
		if o.Record != "" || len(o.Prechat) > 0 {
			n.sessions = append(n.sessions, session)
		} else {
			n.possibleSessions = append(n.possibleSessions, session)
		}
	}
	return n
}

// doc returns what the documentation says about policies for such widgets.
func (n *needs) doc() string {
	switch {
	case !n.framed:
		return docPolicy
	case len(n.sockets) == 0:
		return docFrame
	}
	return docPolicy + "; " + docFrame
}

// compare adds what a policy does not allow.
func (n *needs) compare(of policy) {
	if !of.allowsScript(n.page, n.tag) {
		n.missing = append(n.missing, "script-src "+originOf(n.tag.src))
	}
	if n.framed {
		n.reach(of, &n.missing, n.tag.src, "frame-src", "child-src")
	}
	if len(n.sockets) > 0 {
		n.compareEngine(of)
	}
}

// compareEngine adds what a policy does not allow of what a chat needs that is not in an iframe.
func (n *needs) compareEngine(of policy) {
	if !of.allowsEngine() {
		n.missing = append(n.missing, "script-src 'wasm-unsafe-eval'")
	}
	n.reach(of, &n.missing, n.tag.src.ResolveReference(&url.URL{Path: "."}), "connect-src")
	for _, u := range slices.Concat(n.sockets, n.sessions) {
		n.reach(of, &n.missing, u, "connect-src")
	}
	for _, u := range n.possibleSessions {
		n.reach(of, &n.useful, u, "connect-src")
	}
	if !of.allowsURL(n.page, &url.URL{Scheme: "https", Host: "pictures.invalid"}, "img-src", "default-src") {
		n.useful = append(n.useful, "img-src https: (or the host of the chat owner's picture)")
	}
	sources, limited := of.sources("worker-src", "child-src", "script-src", "default-src")
	n.noWorker = n.noWorker || limited && !has(sources, "blob:")
}

// reach adds an address to a list, once, unless the policy allows it for the first directive that it has of those.
func (n *needs) reach(of policy, list *[]string, u *url.URL, directives ...string) {
	source := directives[0] + " " + originOf(u)
	if !of.allowsURL(n.page, u, append(directives, "default-src")...) && !slices.Contains(*list, source) {
		*list = append(*list, source)
	}
}
