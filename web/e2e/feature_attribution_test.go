package e2e

import (
	"fmt"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
)

// attributions is a script that counts in document.attributed the objects that the module has made. It must run before
// start.js, which uses the same function.
const attributions = `(({ encode }) => {
	document.attributed = 0;
	TextEncoder.prototype.encode = function (text) { document.attributed += /landing_page/.test(text); return encode.call(this, text); };
})(TextEncoder.prototype)`

// attributed is an expression that is true once the module has put an object in place of the attribute's value.
const attributed = `document.attributed > 0`

// leadTag returns a script tag with lead data.
func (s *site) leadTag(attributes string) string {
	return `<script>` + attributions + `</script>` + s.tag(`data-record='{"phone": "+15551234567", "utm_term": "of the record"}' `+attributes)
}

// arrives follows a link of another site to a page.
func (v *visitor) arrives(other *site, url string) *tab {
	v.t.Helper()
	other.page("/blog/post", fmt.Sprintf(`<meta name=referrer content=unsafe-url><a href="%s">A link</a>`, url))
	tab := v.open(other.URL + "/blog/post?secret=1")
	tab.click(`document.querySelector("a")`)
	tab.wait(`window.PluraChat && ` + attributed)
	return tab
}

// TestFeatureAttribution checks that a session is initialised with the parameters and the address of this page, or of
// the visit's first page, and with the referrer, below the fields of the record and of metadata.
func TestFeatureAttribution(t *testing.T) {
	t.Parallel()
	const query = `/landing?utm_source=news%00letter&utm_source=second&utm_medium=e-mail&utm_term=roofs&gclid=g1&fbclid=f1&msclkid=m1&other=x&UTM_Campaign=no&utm_campaign=`
	for _, source := range []string{"page", "Session"} {
		for _, storage := range []string{"local", "none"} {
			t.Run(source+" "+storage, func(t *testing.T) {
				t.Parallel()
				s, other := newSite(t, protocoltest.Options{}), newSite(t, protocoltest.Options{})
				attributes := fmt.Sprintf(`data-attribution="%s" data-storage=%s data-metadata='{"msclkid": "of the metadata"}'`, source, storage)
				s.page("/landing", s.leadTag(attributes)+`<a href="/form?utm_source=inside">A form</a>`)
				s.page("/form", s.leadTag(attributes))
				tab := chromium.visitor(t).arrives(other, s.URL+query+strings.Repeat("ü", 301))
				// Some pages remove the parameters from the address.
				tab.click(`document.querySelector("a")`)
				tab.wait(`location.pathname == "/form" && ` + attributed)
				tab.launch()
				want := fmt.Sprintf("map[landing_page:%s/form msclkid:of the metadata phone:+15551234567 utm_source:inside utm_term:of the record]", s.URL)
				if source == "Session" && storage == "local" {
					want = fmt.Sprintf("map[fbclid:f1 gclid:g1 landing_page:%s/landing msclkid:of the metadata phone:+15551234567 referrer:%s/blog/post utm_campaign:%s utm_medium:e-mail utm_source:newsletter utm_term:of the record]",
						s.URL, other.URL, strings.Repeat("ü", 300))
				}
				if got := fmt.Sprint(s.inits()); got != "["+want+"]" {
					t.Errorf("initialised with\n%s\nwant\n[%s]", got, want)
				}
				keys := eval[string](tab, `Object.keys(sessionStorage).filter(key => !key.endsWith(":open")).join()`)
				if want := map[bool]string{true: "plura-chat:attribution"}[source == "Session" && storage == "local"]; keys != want {
					t.Errorf("sessionStorage has the keys %q, want %q", keys, want)
				}
			})
		}
	}
}

// TestFeatureAttributionLimits checks that Go accepts the largest object, that parameters which the page has removed
// from the address count, and that what another script has stored does no harm.
func TestFeatureAttributionLimits(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	var query strings.Builder
	for i := range 30 {
		fmt.Fprintf(&query, "&utm_%02d=%s", i, strings.Repeat("ü", 120))
	}
	s.page("/", `<script>history.replaceState({}, "", "/")</script>`+s.leadTag(`data-attribution=page`))
	tab := chromium.visitor(t).open(s.URL + "/?utm_x=" + strings.Repeat("€", 400) + query.String())
	tab.wait(attributed)
	tab.launch()
	records := s.inits()
	if len(records) != 1 || len(records[0]) < 10 || len(records[0]) > 18 || records[0]["utm_x"] != strings.Repeat("€", 300) {
		t.Errorf("initialised with %v", records)
	}

	for _, stored := range []string{`{`, `null`, `[1]`, `"x"`, `{}`, `{"utm_source": {}, "phone": "1", "landing_page": "https://example.com/"}`} {
		s := newSite(t, protocoltest.Options{})
		tab := chromium.visitor(t).open(s.page("/a", `<script>sessionStorage["plura-chat:attribution"] = '`+stored+`'</script>`+s.leadTag(`data-attribution=session`)))
		tab.wait(attributed)
		tab.launch()
		got := fmt.Sprint(s.inits())
		if want := "[map[landing_page:" + s.URL + "/a phone:+15551234567 utm_term:of the record]]"; got != want && !strings.Contains(stored, "phone") {
			t.Errorf("with %s stored, initialised with\n%s\nwant\n%s", stored, got, want)
		} else if strings.Contains(stored, "phone") && !strings.Contains(got, "landing_page:https://example.com/ phone:+15551234567") {
			t.Errorf("with %s stored, initialised with %s", stored, got)
		}
	}
}

// TestFeatureAttributionChanges checks that a change of the attribute has an effect on the next session, even after Go
// has begun, and that a bad value leads to one line.
func TestFeatureAttributionChanges(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	tab := chromium.visitor(t).open("about:blank")
	console := recordConsole(tab)
	tab.open(s.page("/", `<script>`+attributions+`</script>`+s.tag("")) + "?utm_source=x")
	tab.launch()
	records := 0
	identify := func(wanted bool) {
		t.Helper()
		records++
		eval[any](tab, fmt.Sprintf(`PluraChat.identify({phone: "+1555123456%d"})`, records))
		if _, has := s.inits()[records-1]["utm_source"]; has != wanted {
			t.Errorf("session %d has the parameter: %t", records, has)
		}
	}
	set := func(value string) {
		eval[any](tab, `document.querySelector("plura-chat").setAttribute("attribution", "`+value+`")`)
	}
	identify(false)
	set("page")
	tab.wait(attributed)
	identify(true)
	set("none")
	identify(false)
	set("session")
	identify(true)
	eval[any](tab, `document.querySelector("plura-chat").removeAttribute("attribution")`)
	identify(false)
	set("visit")
	identify(false)
	want := `warning: plura-chat: attribute attribution "visit" is not used; allowed: none, page, session`
	if got := console(); len(got) != 1 || got[0] != want {
		t.Errorf("the console has %q, want %q", got, want)
	}
}

// TestFeatureAttributionFrame checks that a chat in an iframe gets the attribution of the page around it, whether the
// module is loaded before the iframe's widget begins, before it is ready, or afterwards.
func TestFeatureAttributionFrame(t *testing.T) {
	t.Parallel()
	module := file(t, `^plura-chat-attribution-.*\.js$`)
	for _, when := range []string{"before it begins", "before it is ready", "afterwards"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			release := s.hold(module.Name)
			tab, _ := framedPage(t, chromium, s, s.URL, `data-attribution=page`)
			tab.open(s.URL + "/?utm_source=x")
			eval[any](tab, attributions)
			switch when {
			case "before it begins":
				release()
				tab.wait(attributed)
				tab.launch()
			case "before it is ready":
				tab.wait(visible(part("launcher")))
				// Whether the iframe's widget has begun by then is left open.
				tab.click(part("launcher"))
				tab.wait(root + `?.querySelector("iframe")`)
				release()
				tab.online()
			default:
				tab.launch()
				release()
			}
			tab.wait(attributed)
			eval[any](tab, `PluraChat.identify({phone: "+15551234567"})`)
			if got := fmt.Sprint(s.inits()); got != "[map[landing_page:"+s.URL+"/ phone:+15551234567 utm_source:x]]" {
				t.Errorf("initialised with %s", got)
			}
		})
	}
}
