package check

import (
	"strings"
	"testing"
)

// TestPages checks what is not right on a page.
func TestPages(t *testing.T) {
	const tag = `<script async src="/plura-chat.js" data-flow-id="` + testFlow + `"`
	const element = `<plura-chat flow-id=` + testFlow
	const meta = `<meta http-equiv=content-security-policy content=`
	for name, c := range map[string]struct {
		html string
		want []string
	}{
		"no tag": {`<p>`, []string{stepTag + " wrong", stepAttributes + " skipped"}},
		"module": {tag + ` type=module></script>`, []string{stepTag + " wrong"}},
		"no flow": {`<script async src=/plura-chat.js></script>`, []string{
			stepTag + " wrong", stepAttributes + " skipped",
		}},
		"bad flow":     {`<script async src=/plura-chat.js data-flow-id=x></script>`, []string{stepTag + " wrong"}},
		"element":      {`<script defer src=/plura-chat.js></script><plura-chat flow-id=` + testFlow + `></plura-chat>`, nil},
		"blocking":     {`<script src=/plura-chat.js data-flow-id=` + testFlow + `></script>`, []string{stepTag + " odd"}},
		"attribute":    {tag + ` data-mode=sideways></script>`, []string{stepAttributes + " odd"}},
		"misspelt":     {tag + ` data-colour=red data-turbo-track=reload></script>`, []string{stepAttributes + " odd"}},
		"of others":    {tag + ` data-turbo-track=reload data-expand=on></script>`, nil},
		"base":         {`<base href="/x/../">` + strings.Replace(tag, "/plura", "plura", 1) + `></script>`, nil},
		"dialogs":      {tag + `></script><script src=/js/micromodal.min.js></script>`, []string{stepDialogs + " odd"}},
		"wrong digest": {tag + ` integrity=sha384-AAAA></script>`, []string{stepIntegrity + " wrong", stepPin + " odd"}},
		"policy": {meta + `"script-src 'self'">` + tag + `></script>`, []string{
			stepPolicy + " wrong", stepBackground + " odd",
		}},
		"policy, frame": {meta + `"default-src 'self'">` + tag + ` data-frame></script>`, nil},
		"policy, frame that is off": {meta + `"script-src 'self'">` + tag + ` data-frame=" False "></script>`, []string{
			stepPolicy + " wrong", stepBackground + " odd",
		}},
		"policy, one frame of two": {
			meta + `"script-src 'self'">` + tag + ` data-frame></script>` + element + `>`,
			[]string{stepPolicy + " wrong", stepBackground + " odd"},
		},
		"policy, two services": {
			meta + `"connect-src 'self' https: wss://a.example">` + tag + ` data-socket-url=wss://a.example></script>` +
				element + ` socket-url=wss://b.example>`,
			[]string{stepPolicy + " wrong"},
		},
		"policy, session": {meta + `"connect-src 'self' wss:">` + tag + ` data-prechat=phone></script>`, []string{
			stepPolicy + " wrong",
		}},
		"policy, no session": {
			meta + `"connect-src 'self' wss:">` + tag + ` data-prechat="" data-record=false></script>`,
			[]string{stepPolicy + " odd"},
		},
		"off": {tag + ` data-consent=false data-prechat=false data-frame=false></script>`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost(t)
			h.html = c.html
			sameSteps(t, visit(t, h, false), c.want...)
		})
	}
}
