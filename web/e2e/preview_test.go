package e2e

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/preview"
)

// newPreview starts the server of "go run .", and stops it with the test.
func newPreview(t *testing.T) *httptest.Server {
	t.Helper()
	root, err := build.FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	demo := protocoltest.New(protocoltest.Demo{Hurry: true}.Options())
	p := preview.New(&build.Recipe{Root: root}, &build.Compressor{Fast: true})
	p.Flow, p.Demo = flow, demo.Handler()
	s := httptest.NewServer(p.Handler())
	t.Cleanup(func() {
		demo.Close()
		s.Close()
	})
	return s
}

// choose returns an expression that sets a control of the configurator and fires its change event.
func choose(name, value string) string {
	return `(() => { const control = document.querySelector("#options [name='` + name + `']");
		control.value = ` + strconv.Quote(value) + `; control.dispatchEvent(new Event("change", { bubbles: true })); return true; })()`
}

// TestPreviewConfigures checks that the configurator changes the widget at once, shows a tag with the same settings,
// and keeps the settings over a reload.
func TestPreviewConfigures(t *testing.T) {
	const starters = `[{"label": "Prices", "text": "What's a roof?"}]`
	const contacts = `[{"label": "Call", "url": "tel:+12025550142"}]`
	const ready = `document.querySelector("plura-chat")?.shadowRoot?.querySelector("[part~=launcher]")`
	b := chromium.visitor(t).open(newPreview(t).URL + "/")
	b.wait(ready)
	eval[bool](b, choose("theme", "dark"))
	eval[bool](b, choose("heading", "Say <b>"))
	eval[bool](b, `(document.querySelector("#options [value=phone]").click(), true)`)
	eval[bool](b, choose("starters", starters))
	eval[bool](b, choose("contacts", contacts))
	check := func(when string) {
		t.Helper()
		tag := eval[string](b, `document.getElementById("tag").textContent`)
		for _, want := range []string{`data-flow-id="` + flow + `"`, `data-theme="dark"`, `data-heading="Say &lt;b>"`, `data-prechat="phone"`,
			`data-starters="[{&quot;label&quot;: &quot;Prices&quot;, &quot;text&quot;: &quot;What's a roof?&quot;}]"`, `data-contacts='` + contacts + `'`} {
			if !strings.Contains(tag, want) {
				t.Errorf("%s the tag lacks %s:\n%s", when, want, tag)
			}
		}
		if got := eval[string](b, `["theme", "heading", "prechat", "starters", "contacts"].map(name => document.querySelector("plura-chat").getAttribute(name)).join()`); got != "dark,Say <b>,phone,"+starters+","+contacts {
			t.Errorf("%s the widget has %s", when, got)
		}
	}
	check("before the reload")
	b.reload()
	b.wait(ready)
	check("after the reload")

	eval[bool](b, choose("mode", "inline"))
	b.wait(`document.querySelector("#chat plura-chat[mode=inline]")?.shadowRoot?.querySelector("[part~=input]")`)
	if height := eval[float64](b, `document.querySelector("plura-chat").getBoundingClientRect().height`); height != 600 {
		t.Errorf("the inline widget is %v px high", height)
	}
}

// TestPreviewChecksJSON checks that the configurator says so where a text area does not have the JSON that the attribute
// needs, and does not give the text to the widget.
func TestPreviewChecksJSON(t *testing.T) {
	b := chromium.visitor(t).open(newPreview(t).URL + "/")
	b.wait(`document.querySelector("plura-chat")?.shadowRoot?.querySelector("[part~=launcher]")`)
	for _, c := range []struct {
		name, value string
		good        bool
	}{
		{"metadata", `{"offer": "spring"`, false},
		{"metadata", `["spring"]`, false},
		{"metadata", `spring`, false},
		{"metadata", `{"offer": "spring"}`, true},
		{"contacts", `{"label": "Call"}`, false},
		{"contacts", `[{"label": "Call", "url": "tel:1"}]`, true},
		{"starters", `[{"label": "Prices"`, false},
		{"starters", `{"label": "Prices"}`, false},
		{"starters", `Prices|Book a visit`, true},
		{"teaser", `[{"after": "8s"]`, false},
		{"teaser", `8s`, true},
	} {
		eval[bool](b, choose(c.name, c.value))
		given := eval[bool](b, `document.querySelector("plura-chat").getAttribute("`+c.name+`") == `+strconv.Quote(c.value))
		said := eval[string](b, `document.querySelector("#options [name='`+c.name+`']").validationMessage`)
		if given != c.good || (said == "") != c.good {
			t.Errorf("%s=%s: the widget has it: %v; the message is %q", c.name, c.value, given, said)
		}
		eval[bool](b, choose(c.name, ""))
	}
}

// TestPreviewLabels checks that every control of the configurator has a name, and that the hints that describe one
// exist.
func TestPreviewLabels(t *testing.T) {
	b := chromium.visitor(t).open(newPreview(t).URL + "/?bare")
	if got := eval[string](b, `[...document.getElementById("options").elements].filter(control =>
		!(control.labels?.length || control.ariaLabel || control.textContent.trim()) ||
		control.hasAttribute("aria-describedby") && !document.getElementById(control.getAttribute("aria-describedby"))
	).map(control => control.name || control.tagName).join()`); got != "" {
		t.Errorf("without a name or a hint: %s", got)
	}
}

// TestPreviewKeepsItsOwnPolicy checks that a conversation does not violate the policy of the preview, which is the one
// that docs/content-security-policy.md gives for strict sites.
func TestPreviewKeepsItsOwnPolicy(t *testing.T) {
	b := chromium.visitor(t).open(newPreview(t).URL + "/?open&load=eager")
	b.wait(`document.querySelector("plura-chat")?.shadowRoot?.querySelector("[part~=message][data-from=agent]")`)
	const offences = `new Promise(done => {
		const observer = new ReportingObserver(reports => done(reports.map(r => r.body.effectiveDirective + " " + r.body.blockedURL).join("\n")), { types: ["csp-violation"], buffered: true });
		observer.observe();
		requestAnimationFrame(() => requestAnimationFrame(() => done("")));
	})`
	if got := eval[string](b, offences); got != "" {
		t.Errorf("the policy was offended:\n%s", got)
	}
}
