package protocol

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// The addresses of Plura AI, from its page "WebSocket › Connection".
const (
	DefaultSocketURL  = "wss://wss.plura.ai"
	DefaultSessionURL = "https://hooks.plura.ai/webchat/session"
)

// SessionID names a conversation on the server: "webchat-session." and a UUID.
// Whoever knows it can read the conversation and write into it. It is only in
// storage, in the socket's URL and in events, and logs mask it.
type SessionID string

// SessionPrefix is the beginning of each [SessionID].
const SessionPrefix = "webchat-session."

// ParseSession checks a session id from the wire, from storage or from an
// attribute. It accepts only the canonical form, so that no other text gets into
// a URL.
func ParseSession(s string) (SessionID, error) {
	id, ok := strings.CutPrefix(s, SessionPrefix)
	if !ok || !isUUID(id) {
		return "", ErrBadSession
	}
	return SessionID(s), nil
}

// Masked returns the id in a form for logs.
func (s SessionID) Masked() string {
	if s == "" {
		return "null"
	}
	return SessionPrefix + "…" + string(s[max(0, len(s)-4):])
}

// ParseFlow checks a flow id and returns it in lower case.
func ParseFlow(s string) (string, error) {
	if !isUUID(s) {
		return "", ErrBadFlow
	}
	return strings.ToLower(s), nil
}

// isUUID accepts only the form of 36 characters. uuid.Parse also accepts others
// (braces, "urn:uuid:", no hyphens), which must not be in a path.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	_, err := uuid.Parse(s)
	return err == nil
}

// Endpoint describes the socket URL of a conversation.
type Endpoint struct {
	SocketURL   string    // scheme and host, optionally a path before /webchat; empty: [DefaultSocketURL]
	Flow        string    // the flow, or the flow instance from session initialisation
	Session     SessionID // empty: a new conversation
	NoReconnect bool      // the last part of the path is "false" instead of "true"
}

// URL returns the URL to dial. It checks flow and session again, so that no other
// text gets into the path.
func (e Endpoint) URL() (string, error) {
	flow, err := ParseFlow(e.Flow)
	if err != nil {
		return "", err
	}
	session := "null"
	if e.Session != "" {
		if _, err := ParseSession(string(e.Session)); err != nil {
			return "", err
		}
		session = string(e.Session)
	}
	base := e.SocketURL
	if base == "" {
		base = DefaultSocketURL
	}
	reconnect := "true"
	if e.NoReconnect {
		reconnect = "false"
	}
	return strings.TrimRight(base, "/") + "/webchat/flow/" + flow + "/session/" + session + "/r/" + reconnect, nil
}

// CheckURL checks a URL that a site owner has configured. The secure scheme is
// always allowed. The plain one is allowed only to loopback, or to pageHost,
// which is the host of a page that was loaded over plain HTTP and empty
// otherwise. scheme is "wss" or "https".
func CheckURL(raw, scheme, pageHost string) error {
	given, host, ok := splitURL(raw)
	switch {
	case !ok:
		return fmt.Errorf("%w: want %s://host", ErrBadURL, scheme)
	case given == scheme:
		return nil
	case given != strings.TrimSuffix(scheme, "s"):
		return fmt.Errorf("%w: want %s://", ErrBadURL, scheme)
	case isLoopback(hostname(host)), pageHost != "" && strings.EqualFold(host, pageHost):
		return nil
	}
	return fmt.Errorf("%w: %s:// is allowed only to this machine", ErrBadURL, given)
}

// splitURL splits a URL of the form scheme://host:port/path. It accepts no user,
// query or fragment, and no IPv6 address but loopback. net/url would add 10 KB to
// the download; the tests compare splitURL with it.
func splitURL(raw string) (scheme, host string, ok bool) {
	for i := 0; i < len(raw); i++ {
		if c := raw[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}@?#%", c) >= 0 {
			return "", "", false
		}
	}
	scheme, rest, ok := strings.Cut(raw, "://")
	host, _, _ = strings.Cut(rest, "/")
	name, port, _ := strings.Cut(strings.TrimPrefix(host, loopback6), ":")
	if strings.HasPrefix(host, loopback6) && name != "" || len(port) > 5 || strings.Trim(port, "0123456789") != "" {
		return "", "", false
	}
	name = hostname(host)
	if !ok || name == "" || name[0] == '.' || name[0] == '-' {
		return "", "", false
	}
	for _, c := range []byte(strings.ToLower(name)) {
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_') && name != "::1" {
			return "", "", false
		}
	}
	switch scheme = strings.ToLower(scheme); scheme {
	case "wss", "ws", "https", "http":
		return scheme, host, true
	}
	return "", "", false
}

const loopback6 = "[::1]"

// hostname returns a host without its port, and without the brackets of IPv6.
func hostname(host string) string {
	if strings.HasPrefix(host, loopback6) {
		return "::1"
	}
	name, _, _ := strings.Cut(host, ":")
	return name
}

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "::1" {
		return true
	}
	rest, ok := strings.CutPrefix(host, "127.")
	if !ok {
		return false
	}
	for _, c := range rest { // only digits and dots: 127.example.com is a name
		if c != '.' && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
