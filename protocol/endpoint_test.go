//go:build !js

package protocol

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func TestEndpointURL(t *testing.T) {
	for _, tt := range []struct {
		e    Endpoint
		want string
		err  error
	}{
		{Endpoint{Flow: testFlow}, "wss://wss.plura.ai/webchat/flow/" + testFlow + "/session/null/r/true", nil},
		{Endpoint{Flow: testInstance, Session: testSession}, "wss://wss.plura.ai/webchat/flow/" + testInstance + "/session/webchat-session.2a36d9fd-3114-4cb4-a0ef-751f3e8e7cc3/r/true", nil},
		{Endpoint{Flow: strings.ToUpper(testFlow), NoReconnect: true, SocketURL: "ws://localhost:8080/"}, "ws://localhost:8080/webchat/flow/" + testFlow + "/session/null/r/false", nil},
		{Endpoint{Flow: "../x"}, "", ErrBadFlow},
		{Endpoint{Flow: "{" + testFlow + "}"}, "", ErrBadFlow},
		{Endpoint{Flow: "urn:uuid:" + testFlow}, "", ErrBadFlow},
		{Endpoint{Flow: strings.ReplaceAll(testFlow, "-", "")}, "", ErrBadFlow},
		{Endpoint{Flow: testFlow, Session: "null"}, "", ErrBadSession},
		{Endpoint{Flow: testFlow, Session: testSession + "/../x"}, "", ErrBadSession},
		{Endpoint{}, "", ErrBadFlow},
	} {
		got, err := tt.e.URL()
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%+v: %q, %v; want %q, %v", tt.e, got, err, tt.want, tt.err)
		}
	}
}

func TestCheckURL(t *testing.T) {
	for _, tt := range []struct {
		raw, scheme, page string
		ok                bool
	}{
		{"wss://wss.plura.ai", "wss", "", true},
		{"wss://proxy.example.com/plura/", "wss", "", true},
		{"https://hooks.plura.ai/webchat/session", "https", "", true},
		{"ws://localhost:8080", "wss", "", true},
		{"ws://127.0.0.1:1", "wss", "", true},
		{"ws://[::1]:8080", "wss", "", true},
		{"http://localhost/webchat/session", "https", "", true},
		{"ws://192.168.0.7:8080", "wss", "192.168.0.7:8080", true},
		{"ws://192.168.0.7:8080", "wss", "192.168.0.7", false},
		{"ws://192.168.0.7:8080", "wss", "", false},
		{"ws://example.com", "wss", "", false},
		{"ws://127.example.com", "wss", "", false},
		{"ws://1271.0.0.1", "wss", "", false},
		{"ws://127", "wss", "", false}, // browsers read it as 0.0.0.127
		{"ws://127.0.0.1.example.com", "wss", "", false},
		{"ws://localhost.example.com", "wss", "", false},
		{"https://wss.plura.ai", "wss", "", false},
		{"wss://user:pw@wss.plura.ai", "wss", "", false},
		{"wss://wss.plura.ai?x=1", "wss", "", false},
		{"wss://", "wss", "", false},
		{"javascript:alert(1)", "https", "", false},
		{"//host", "wss", "", false},
		{"wss://a b", "wss", "", false},
		{"wss://host:99999999", "wss", "", false},
		{"wss://host:8x", "wss", "", false},
		{"wss://[::1]x", "wss", "", false},
		{"ws://[::1", "wss", "", false},
		{"wss://ex%61mple.com", "wss", "", false},
		{"wss://a\\b", "wss", "", false},
		{"", "wss", "", false},
	} {
		if err := CheckURL(tt.raw, tt.scheme, tt.page); (err == nil) != tt.ok || err != nil && !errors.Is(err, ErrBadURL) {
			t.Errorf("CheckURL(%q, %q, %q) = %v, want ok %v", tt.raw, tt.scheme, tt.page, err, tt.ok)
		}
	}
}

// net/url reads an address that splitURL accepts in the same way.
func FuzzCheckURL(f *testing.F) {
	for _, s := range []string{"wss://a.b/c", "ws://[::1]:80", "https://x:65535/", "wss://[::1", "wss://a:b", "wss://a:1:2", "WSS://A", "wss://[1:2]x:3", "wss://%41", "wss://-", "wss://a@b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		scheme, host, ok := splitURL(raw)
		if !ok {
			return
		}
		u, err := url.Parse(raw)
		if err != nil || u.Scheme != scheme || u.Host != host || u.Hostname() != hostname(host) || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			t.Fatalf("splitURL(%q) = %q, %q; net/url: %+v, %v", raw, scheme, host, u, err)
		}
	})
}

func TestMasked(t *testing.T) {
	if got := testSession.Masked(); strings.Contains(got, "2a36d9fd") || got != "webchat-session.…7cc3" {
		t.Errorf("Masked = %q", got)
	}
}
