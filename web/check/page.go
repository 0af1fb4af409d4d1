package check

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"plurachat/protocol"
	"plurachat/widget/chat"
	"plurachat/widget/words"
)

// page is what a check needs of a page's HTML.
type page struct {
	url      *url.URL
	tags     []scriptTag // scripts whose name is plura-chat.js, or that with a hash
	elements []widget    // the elements plura-chat
	scripts  []string    // addresses of the other scripts, as written, and texts of inline scripts
	policies []string    // of meta elements
}

// scriptTag is a script element of the widget.
type scriptTag struct {
	src        *url.URL
	attributes map[string]string
}

var loaderPattern = regexp.MustCompile(`^plura-chat(-[0-9a-f]{8})?\.js$`)

// isLoader reports whether an address names the script that pages include.
func isLoader(u *url.URL) bool { return loaderPattern.MatchString(path.Base(u.Path)) }

// parsePage reads the HTML of a page. Like a browser with scripts, it leaves out comments and noscript.
func parsePage(at *url.URL, data []byte) *page {
	p := &page{url: at}
	base, inScript := at, false
	tokens := html.NewTokenizer(bytes.NewReader(data))
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			return p // the end; a tokenizer accepts any HTML
		case html.TextToken:
			if inScript {
				p.scripts = append(p.scripts, string(tokens.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			token := tokens.Token()
			inScript = token.Data == "script" && kind == html.StartTagToken
			if kind == html.EndTagToken {
				continue
			}
			attributes := map[string]string{}
			for _, a := range token.Attr {
				if _, twice := attributes[a.Key]; !twice {
					attributes[a.Key] = a.Val
				}
			}
			if token.Data == "base" && base == at {
				if u, err := at.Parse(attributes["href"]); err == nil {
					base = u
				}
			}
			p.element(base, token.Data, attributes)
		}
	}
}

// element reads one element.
func (p *page) element(base *url.URL, name string, attributes map[string]string) {
	switch name {
	case "plura-chat":
		p.elements = append(p.elements, attributes)
	case "meta":
		if strings.EqualFold(attributes["http-equiv"], "Content-Security-Policy") {
			p.policies = append(p.policies, attributes["content"])
		}
	case "script":
		src, ok := attributes["src"]
		if !ok {
			return
		}
		u, err := base.Parse(strings.TrimSpace(src))
		if err != nil {
			return // the browser ignores it too
		}
		if isLoader(u) {
			p.tags = append(p.tags, scriptTag{u, attributes})
		} else {
			p.scripts = append(p.scripts, src)
		}
	}
}

// widgets returns the widgets of the page: the elements, and those that the tags make.
func (p *page) widgets() []widget {
	list := slices.Clone(p.elements)
	for _, tag := range p.tags {
		if _, ok := tag.attributes["data-flow-id"]; !ok {
			continue
		}
		own := widget{}
		for name, value := range tag.attributes {
			if short, ok := strings.CutPrefix(name, "data-"); ok {
				own[short] = value
			}
		}
		list = append(list, own)
	}
	return list
}

const (
	stepTag        = "script tag"
	stepAttributes = "attributes"
	stepDialogs    = "dialogs and focus traps"
)

const (
	docTag        = "one classic script, async, with data-flow-id or beside an element plura-chat"
	docAttributes = "names and values as in the README"
	docDialogs    = "the chat can be used while a dialog of the page is open"
)

// checkTag adds the finding about the script tag, and returns the tag.
func (s *siteCheck) checkTag(p *page) (scriptTag, bool) {
	if len(p.tags) == 0 {
		s.wrong(stepTag, docTag, "none in the HTML of the page",
			"add the tag; if another script adds it, check the address of plura-chat.js instead: -site https://…/plura-chat.js")
		return scriptTag{}, false
	}
	tag := p.tags[0]
	wrong := func(observed, advice string) { s.wrong(stepTag, docTag, observed, advice) }
	switch kind := strings.ToLower(tag.attributes["type"]); {
	case kind == "module":
		wrong("it is a module", "remove type=module")
		return tag, true
	case p.url.Scheme == "https" && tag.src.Scheme == "http":
		wrong("an http: address on an https: page, which browsers refuse", "name the script by https:")
		return tag, true
	case len(p.widgets()) == 0:
		wrong("neither data-flow-id nor an element plura-chat", "add data-flow-id with the id of your flow")
		return tag, true
	}
	for _, w := range p.widgets() {
		if _, err := protocol.ParseFlow(w["flow-id"]); err != nil {
			wrong("the flow id is not a UUID", "correct flow-id")
			return tag, true
		}
	}
	_, async := tag.attributes["async"]
	_, deferred := tag.attributes["defer"]
	others := slices.ContainsFunc(p.tags, func(t scriptTag) bool { return t.src.String() != tag.src.String() })
	switch {
	case others:
		s.odd(stepTag, docTag, fmt.Sprintf("%d scripts with different addresses", len(p.tags)),
			"keep one; the first that runs defines the element")
	case !async && !deferred:
		s.odd(stepTag, docTag, "without async, so the page waits for it", "add async")
	default:
		s.right(stepTag, docTag, shown(tag.src))
	}
	return tag, true
}

// checkAttributes adds the finding about the attributes, which the widget itself reads.
func (s *siteCheck) checkAttributes(p *page) {
	var bad, unread []string
	for _, w := range p.widgets() {
		bad = append(bad, misspelt(w)...)
		for _, name := range chat.ModuleAttributes {
			if _, ok := w.attr(name); ok && !slices.Contains(unread, name) {
				unread = append(unread, name)
			}
		}
		_, warnings := p.options(w)
		for _, warning := range warnings {
			if warning.Attribute == "flow-id" {
				continue // the finding about the tag has it
			}
			bad = append(bad, strings.TrimPrefix(warning.Text(), "plura-chat: "))
		}
	}
	switch {
	case len(p.widgets()) == 0:
		s.skip(stepAttributes, docAttributes, "there is no widget in the HTML")
	case len(bad) > 0:
		s.odd(stepAttributes, docAttributes, strings.Join(bad, "; "), "correct them; the widget uses the defaults")
	case len(unread) > 0:
		s.right(stepAttributes, docAttributes,
			"the names are understood; of the values of "+strings.Join(unread, ", ")+", the page's console warns")
	default:
		s.right(stepAttributes, docAttributes, "all are understood")
	}
}

// misspelt names the attributes of a widget that differ from one of the widget's in one or two letters. Others may be
// those of other programs.
func misspelt(attributes map[string]string) (found []string) {
	const twoLetters = 4
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if slices.Contains(chat.Attributes, name) {
			continue
		}
		for _, known := range chat.Attributes {
			if len(name) > 4 && words.Distance(name, known) <= twoLetters {
				found = append(found, fmt.Sprintf("%s does not exist; %s does", name, known))
				break
			}
		}
	}
	return found
}

// dialogLibraries are scripts that keep the focus inside a dialog of the page, or open such dialogs.
var dialogLibraries = strings.Fields(`
	focus-trap focus-lock a11y-dialog micromodal bootstrap jquery-ui jquery.modal magnific-popup fancybox sweetalert
	remodal tingle featherlight colorbox lity.min.js lity.js izimodal vex-dialog react-modal headlessui radix-ui uikit
	foundation.min.js flowbite shoelace glightbox photoswipe`)

// checkDialogs names scripts of the page that may keep the focus away from the chat.
func (s *siteCheck) checkDialogs(p *page) {
	var found []string
	for _, script := range p.scripts {
		script = strings.ToLower(script)
		for _, name := range dialogLibraries {
			if strings.Contains(script, name) && !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	if len(found) == 0 {
		s.right(stepDialogs, docDialogs, "no script with a known name")
		return
	}
	s.odd(stepDialogs, docDialogs, "the page has "+strings.Join(found, ", "),
		"open a dialog of the page, then write into the chat")
}
