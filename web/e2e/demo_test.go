package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/preview"
)

// linked is the part of an address that carries a configuration, with a value that must not become HTML.
const linked = "?theme=dark&starters=Prices%7CVisit&heading=%22%3E%3Cb%3E&open&load=eager&onclick=alert(1)"

// foreign is more of an address, with what a link to a public page must not change.
const foreign = "&flow-id=00000000-0000-4000-8000-000000000000&metadata=%7B%22a%22%3A%22b%22%7D" +
	"&record=%7B%22phone%22%3A%22%2B15551234567%22%7D&socket-url=wss%3A%2F%2Fother.test" +
	"&contacts=%5B%7B%22label%22%3A%22Log%20in%22%2C%22url%22%3A%22https%3A%2F%2Fother.test%22%7D%5D"

// configured checks that a page has the configuration of linked, holds a conversation, and keeps its policy.
func configured(t *testing.T, tab *tab) {
	t.Helper()
	tab.wait(`document.querySelector("plura-chat")?.shadowRoot?.querySelector("[part~=message][data-from=agent]")`)
	got := eval[string](tab, `["theme", "starters", "heading", "onclick"].map(name =>
		document.querySelector("plura-chat").getAttribute(name)).join()`)
	if want := `dark,Prices|Visit,"><b>,`; got != want {
		t.Errorf("the widget has %s, want %s", got, want)
	}
	tab.wait(part("starters") + `?.textContent.includes("Prices")`)
}

// TestPreviewBehindProxy opens the preview through a proxy that has it in a folder.
func TestPreviewBehindProxy(t *testing.T) {
	t.Parallel()
	inner, err := url.Parse(newPreview(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(http.StripPrefix("/team/chat", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(inner)
		r.SetXForwarded()
		r.Out.Header.Set("X-Forwarded-Prefix", "/team/chat")
	}}))
	t.Cleanup(proxy.Close)
	configured(t, chromium.visitor(t).open(proxy.URL+"/team/chat/"+linked))
}

// TestDemoOnStaticHost opens the page of build -demo in a folder of a static host, with a link that carries a
// configuration. The page talks to a server elsewhere.
func TestDemoOnStaticHost(t *testing.T) {
	t.Parallel()
	root, err := build.FindRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	flow := protocoltest.New(protocoltest.Demo{Hurry: true}.Options())
	server := httptest.NewServer(flow.Handler())
	t.Cleanup(func() {
		flow.Close()
		server.Close()
	})
	dir := t.TempDir()
	if err := dist.Write(dir, compressor); err != nil {
		t.Fatal(err)
	}
	page := preview.Demo{
		Flow:      "87f66d6d-dba9-4a44-9274-02c6927a083a",
		SocketURL: "ws" + strings.TrimPrefix(server.URL, "http"), SessionURL: server.URL + "/webchat/session",
	}
	if err := page.Write(root, dir); err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(http.StripPrefix("/some/folder", http.FileServer(http.Dir(dir))))
	t.Cleanup(host.Close)
	tab := chromium.visitor(t).open(host.URL + "/some/folder/" + linked + foreign)
	configured(t, tab)
	if got := eval[string](tab, `["flow-id", "record", "metadata", "contacts", "socket-url"].map(name =>
		document.querySelector("plura-chat").getAttribute(name)).join()`); got != page.Flow+",,,,"+page.SocketURL {
		t.Errorf("the link has changed the widget to %s", got)
	}
	if got := eval[string](tab, `["flow-id", "metadata"].map(name => {
		const control = document.querySelector("#options [name=" + name + "]");
		return control.value + control.disabled;
	}).join()`); got != page.Flow+"true,true" {
		t.Errorf("the form has %s", got)
	}
	if got := eval[string](tab, `document.querySelector("#tag").textContent`); !strings.Contains(got, page.Flow) {
		t.Errorf("the tag for the site owner is %s", got)
	}
	for _, session := range flow.Sessions() {
		if flow.Record(session) != nil {
			t.Error("the link has started a conversation with lead data")
		}
	}
	eval[bool](tab, choose("theme", "light"))
	tab.wait(`document.querySelector("plura-chat").getAttribute("theme") == "light" && location.search.includes("theme=light")`)
	const inline = `document.querySelector("#chat plura-chat[mode=inline]")
		?.shadowRoot?.querySelector("[part~=message][data-from=agent]")`
	eval[bool](tab, choose("mode", "inline"))
	tab.wait(inline)
	tab.reload()
	tab.wait(inline)
	eval[bool](tab, choose("mode", ""))
	tab.wait(`document.querySelector("html > plura-chat:not([mode])") && ` + visible(part("launcher")))
}
