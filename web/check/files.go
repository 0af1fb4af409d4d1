package check

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"plurachat/web/build"
)

// filesAtMost is the largest number of files that a check fetches.
const filesAtMost = 200

const integrityName = "integrity.json"

var (
	namePattern = regexp.MustCompile(`plura-chat-(?:[a-zA-Z0-9]+-)*[0-9a-f]{8}\.(?:json|js|wasm)`) // in a script
	safeName    = regexp.MustCompile(`^[A-Za-z0-9][\w.-]*$`)
)

// file is one of the widget's files, as the host sends it.
type file struct {
	name string
	*fetched
	err error
}

// there reports whether the host has the file.
func (f *file) there() bool { return f.err == nil && f.status == http.StatusOK }

// mediaType returns the type of an answer without parameters.
func mediaType(h http.Header) string {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return strings.ToLower(h.Get("Content-Type"))
	}
	return kind
}

var scriptTypes = []string{
	"text/javascript",
	"application/javascript",
	"application/x-javascript",
	"text/ecmascript",
	"application/ecmascript",
}

// files fetches the script of a tag and all files beside it that it or integrity.json names, and compares them with
// what a host should send.
func (s *siteCheck) files(tag scriptTag) {
	loader := s.file(tag.src, path.Base(tag.src.Path))
	switch {
	case loader.err != nil:
		s.wrong(stepScript, docScript, loader.err.Error(), "check the address in the tag")
		return
	case !loader.there():
		s.wrong(stepScript, docScript, fmt.Sprintf("status %d", loader.status), "check the address in the tag")
		return
	case !slices.Contains(scriptTypes, mediaType(loader.header)):
		s.wrong(stepScript, docScript, "the type is "+mediaType(loader.header),
			"let the host send text/javascript for .js")
	case loader.url.String() != tag.src.String():
		s.odd(stepScript, docScript, "redirected to "+shown(loader.url),
			"name that address in the tag; browsers look for the other files beside the address in the tag")
	default:
		s.right(stepScript, docScript, fmt.Sprintf("%s, %d bytes as sent", shown(loader.url), loader.sent))
	}
	c := &filesCheck{siteCheck: s, tag: tag}
	c.crawl(loader)
	c.present()
	c.types()
	c.compression()
	c.caching()
	c.crossOrigin()
	c.integrity()
	c.misses()
}

// file fetches a file.
func (s *siteCheck) file(u *url.URL, name string) *file {
	answer, err := s.fetch(u)
	return &file{name, answer, err}
}

// crawl fetches integrity.json, and each file that it or one of the scripts names.
func (c *filesCheck) crawl(loader *file) {
	var digests build.Digests
	if list := c.beside(integrityName); list.there() {
		_ = json.Unmarshal(list.data, &digests) // without it, the names in the scripts are enough
	}
	c.all = []*file{loader}
	seen := map[string]bool{loader.name: true}
	var names []string
	add := func(name string) {
		if !seen[name] && safeName.MatchString(name) && len(seen) < filesAtMost {
			seen[name] = true
			names = append(names, name)
		}
	}
	for name := range digests.Files {
		add(name)
	}
	slices.Sort(names)
	scan := func(f *file) {
		if f.there() && strings.HasSuffix(f.name, ".js") {
			for _, name := range namePattern.FindAll(f.data, -1) {
				add(string(name))
			}
		}
	}
	for scan(loader); len(names) > 0 && c.ctx.Err() == nil; {
		f := c.beside(names[0])
		names = names[1:]
		c.all = append(c.all, f)
		scan(f)
	}
	c.digests = digests.Files
}

// beside fetches a file of the folder that the tag names. Like a browser, it does not look where the host may have
// redirected the script.
func (c *filesCheck) beside(name string) *file {
	u, err := c.tag.src.Parse(name)
	if err != nil {
		return &file{name: name, err: fmt.Errorf("its address: %w", err)}
	}
	return c.file(u, name)
}

// filesCheck compares files with what a host should send.
type filesCheck struct {
	*siteCheck
	tag     scriptTag
	all     []*file           // the script of the tag first
	digests map[string]string // those of integrity.json by name
}

// cross reports whether a file has another origin than the page, or is redirected to another one.
func (c *filesCheck) cross(f *file) bool {
	return c.origin != originOf(c.tag.src) || f.there() && c.origin != originOf(f.url)
}

// each calls judge for each file that is there, and adds one finding with what judge returns: what is wrong, or odd.
// right is what is observed if nothing is.
func (c *filesCheck) each(step, documented, right, advice string, judge func(f *file) (verdict Verdict, what string)) {
	worst, n := Right, 0
	var names []string
	said := map[string][]string{}
	for _, f := range c.all {
		if !f.there() {
			continue
		}
		n++
		verdict, what := judge(f)
		if verdict == Right {
			continue
		}
		if worst != Wrong {
			worst = verdict
		}
		if said[what] == nil {
			names = append(names, what)
		}
		said[what] = append(said[what], f.name)
	}
	if worst == Right {
		c.right(step, documented, fmt.Sprintf(right, n))
		return
	}
	var list []string
	for _, what := range names {
		of := said[what]
		text := what + ": " + of[0]
		if len(of) > 1 {
			text += fmt.Sprintf(" and %d more", len(of)-1)
		}
		list = append(list, text)
	}
	c.add(step, documented, strings.Join(list, "; "), worst, advice)
}
