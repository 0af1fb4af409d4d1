package check

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"plurachat/web/build"
)

// Steps of the files' headers.
const (
	stepFiles       = "files"
	stepTypes       = "types"
	stepCompression = "compression"
	stepCaching     = "caching"
	stepCORS        = "cross-origin access"
	stepCORP        = "cross-origin resource policy"
	stepMisses      = "missing files"
)

// present checks that no file is missing.
func (c *filesCheck) present() {
	const doc = "all files of a build are beside the script"
	var missing []string
	for _, f := range c.all {
		if f.err != nil {
			missing = append(missing, f.name+": "+f.err.Error())
		} else if !f.there() {
			missing = append(missing, fmt.Sprintf("%s: status %d", f.name, f.status))
		}
	}
	isEngine := func(f *file) bool { return path.Ext(f.name) == ".wasm" }
	switch {
	case len(missing) > 0:
		c.wrong(stepFiles, doc, strings.Join(missing, "; "), "publish all files of web/dist")
	case !slices.ContainsFunc(c.all, isEngine):
		c.wrong(stepFiles, doc, "the WebAssembly is not among them", "publish all files of web/dist")
	default:
		c.right(stepFiles, doc, fmt.Sprintf("%d files", len(c.all)))
	}
}

// types checks the types by which browsers decide what to do with a file.
func (c *filesCheck) types() {
	const doc = "application/wasm, and a type for JavaScript"
	advice := "correct the types in the host's configuration"
	c.each(stepTypes, doc, "right for %d files", advice, judgeType)
}

// judgeType judges the type of one file.
func judgeType(f *file) (Verdict, string) {
	kind := mediaType(f.header)
	if kind == "" {
		kind = "no type"
	}
	switch path.Ext(f.name) {
	case ".wasm":
		if f.header.Get("Content-Type") != "application/wasm" {
			return Wrong, kind
		}
	case ".js":
		if !slices.Contains(scriptTypes, kind) {
			return Wrong, kind
		}
	case ".html":
		if kind != "text/html" {
			return Wrong, kind
		}
	}
	return Right, ""
}

// smallest is the size from which a file should be compressed.
const smallest = 1400

// compression checks that what browsers download is compressed.
func (c *filesCheck) compression() {
	const doc = "Content-Encoding br or gzip"
	advice := "let the host send the .br and .gz files; the widget decompresses only the WebAssembly itself"
	var forms []string
	for _, f := range c.all {
		if f.there() && f.encoding() != "" && !slices.Contains(forms, f.encoding()) {
			forms = append(forms, f.encoding())
		}
	}
	c.each(stepCompression, doc, strings.Join(forms, " and ")+", %d files", advice, func(f *file) (Verdict, string) {
		counts := slices.Contains([]string{".js", ".json", ".wasm"}, path.Ext(f.name)) && f.name != integrityName
		if !counts || f.encoding() != "" || len(f.data) < smallest {
			return Right, ""
		}
		if path.Ext(f.name) != ".wasm" {
			return Wrong, "not compressed"
		}
		if gz := c.beside(f.name + ".gz"); gz.there() {
			return Odd, "not compressed, but the .gz file is there"
		}
		return Wrong, "not compressed, and the .gz file is not there"
	})
}

var maxAge = regexp.MustCompile(`(?i)\bmax-age=(\d{1,10})`)

// day is a day in seconds.
const day = 24 * 60 * 60

// lifetime returns how long a browser may use a file without asking, in seconds, or -1 if the host does not say it.
func lifetime(h http.Header) int {
	value := strings.ToLower(h.Get("Cache-Control"))
	if strings.Contains(value, "no-cache") || strings.Contains(value, "no-store") {
		return 0
	}
	found := maxAge.FindStringSubmatch(value)
	if found == nil {
		return -1
	}
	seconds, err := strconv.Atoi(found[1])
	if err != nil {
		return -1
	}
	return seconds
}

// caching checks how long browsers keep the files.
func (c *filesCheck) caching() {
	doc := fmt.Sprintf("hashed names: %s; plura-chat.js: %s; others: %s",
		build.CacheControl("x-00000000.js"), build.CacheControl(build.LoaderName), build.CacheControl("x"))
	c.each(stepCaching, doc, "so it is for %d files", "set Cache-Control as in the page on hosting", judgeCaching)
}

// judgeCaching judges the header Cache-Control of one file. Longer than documented is wrong, shorter is odd.
func judgeCaching(f *file) (Verdict, string) {
	given := f.header.Get("Cache-Control")
	if given == build.CacheControl(f.name) {
		return Right, ""
	}
	what := given
	if what == "" {
		what = "no Cache-Control"
	}
	most := lifetime(http.Header{"Cache-Control": {build.CacheControl(f.name)}})
	age := lifetime(f.header)
	if build.Hashed(f.name) && age >= day {
		return Right, ""
	}
	if !build.Hashed(f.name) && age > most {
		return Wrong, what
	}
	if !build.Hashed(f.name) && age >= 0 && (age > 0 || most == 0) {
		return Right, ""
	}
	return Odd, what
}

// crossOrigin checks whether pages of the site's origin may read and embed the files.
func (c *filesCheck) crossOrigin() {
	const doc = "Access-Control-Allow-Origin: *, if the files have another origin than the page"
	if !slices.ContainsFunc(c.all, c.cross) {
		c.right(stepCORS, doc, "the files have the page's origin")
	} else {
		c.each(stepCORS, doc, "allowed for %d files", "send Access-Control-Allow-Origin: *", c.judgeCORS)
	}
	const docPolicy = "cross-origin, or none unless the page requires it"
	advice := "send Cross-Origin-Resource-Policy: cross-origin"
	c.each(stepCORP, docPolicy, "nothing is refused of %d files", advice, c.judgeCORP)
}

// judgeCORS judges the header Access-Control-Allow-Origin of one file.
func (c *filesCheck) judgeCORS(f *file) (Verdict, string) {
	if c.cross(f) && !allowsOrigin(f.header, c.origin) && path.Ext(f.name) != ".html" {
		return Wrong, "not allowed"
	}
	return Right, ""
}

// judgeCORP judges the header Cross-Origin-Resource-Policy of one file.
func (c *filesCheck) judgeCORP(f *file) (Verdict, string) {
	given := strings.ToLower(f.header.Get("Cross-Origin-Resource-Policy"))
	switch {
	case !c.cross(f), given == "same-site" && sameSite(c.origin, f.url):
	case given == "same-origin", given == "same-site":
		return Wrong, given
	case given == "" && c.isolated:
		return Wrong, "none"
	}
	return Right, ""
}

// sameSite reports whether a page of an origin is of the same site as a file, as Cross-Origin-Resource-Policy means it:
// the registered domains are the same, and an http: page does not get an https: file.
func sameSite(origin string, of *url.URL) bool {
	page, err := url.Parse(origin)
	if err != nil || page.Scheme == "http" && of.Scheme == "https" {
		return false
	}
	a, b := strings.ToLower(page.Hostname()), strings.ToLower(of.Hostname())
	if a == b || net.ParseIP(a) != nil || net.ParseIP(b) != nil {
		return a == b
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(a)
	other, failed := publicsuffix.EffectiveTLDPlusOne(b)
	return err == nil && failed == nil && domain == other
}

// misses checks what the host sends for a file that is not there, such as one of an older build.
func (c *filesCheck) misses() {
	const doc = "status 404, which is not cached, and which pages of other origins may read"
	const name = "plura-chat-check-00000000.js"
	f := c.beside(name)
	switch {
	case f.err != nil:
		c.odd(stepMisses, doc, f.err.Error(), "check what the host sends for a file that is not there")
	case f.status < 400:
		c.wrong(stepMisses, doc, fmt.Sprintf("status %d", f.status),
			"send status 404; a page instead of a script hides that the file is missing")
	case lifetime(f.header) > 0 && lifetime(f.header) <= day:
		c.odd(stepMisses, doc, fmt.Sprintf("status %d with %s", f.status, f.header.Get("Cache-Control")),
			"nothing, if the host chooses headers by the name alone; otherwise send Cache-Control only with files that are there")
	case lifetime(f.header) > 0:
		c.wrong(stepMisses, doc, fmt.Sprintf("status %d with %s", f.status, f.header.Get("Cache-Control")),
			"send Cache-Control only with files that are there; otherwise a release that is late is missed for as long")
	case c.cross(f) && !allowsOrigin(f.header, c.origin):
		c.odd(stepMisses, doc, fmt.Sprintf("status %d without Access-Control-Allow-Origin", f.status),
			"send the header with errors too; otherwise the widget cannot tell visitors and you that the file is missing")
	default:
		c.right(stepMisses, doc, fmt.Sprintf("status %d", f.status))
	}
}
