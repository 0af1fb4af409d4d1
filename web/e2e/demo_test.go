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

// configured checks that a page has the configuration of linked, holds a conversation, and keeps its policy.
func configured(t *testing.T, tab *tab) {
	t.Helper()
	tab.wait(`document.querySelector("plura-chat")?.shadowRoot?.querySelector("[part~=message][data-from=agent]")`)
	got := eval[string](tab, `["theme", "starters", "heading", "onclick"].map(name => document.querySelector("plura-chat").getAttribute(name)).join()`)
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
	page := preview.Demo{Flow: "87f66d6d-dba9-4a44-9274-02c6927a083a", SocketURL: "ws" + strings.TrimPrefix(server.URL, "http"), SessionURL: server.URL + "/webchat/session"}
	if err := page.Write(root, dir); err != nil {
		t.Fatal(err)
	}
	host := httptest.NewServer(http.StripPrefix("/some/folder", http.FileServer(http.Dir(dir))))
	t.Cleanup(host.Close)
	tab := chromium.visitor(t).open(host.URL + "/some/folder/" + linked)
	configured(t, tab)
	eval[bool](tab, choose("theme", "light"))
	tab.wait(`document.querySelector("plura-chat").getAttribute("theme") == "light" && location.search.includes("theme=light")`)
	eval[bool](tab, choose("mode", "inline"))
	tab.wait(`document.querySelector("#chat plura-chat[mode=inline]")?.shadowRoot?.querySelector("[part~=message][data-from=agent]")`)
	tab.reload()
	tab.wait(`document.querySelector("#chat plura-chat[mode=inline]")?.shadowRoot?.querySelector("[part~=message][data-from=agent]")`)
	eval[bool](tab, choose("mode", ""))
	tab.wait(`document.querySelector("html > plura-chat:not([mode])") && ` + visible(part("launcher")))
}
