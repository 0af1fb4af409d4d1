package protocol

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// Where Plura AI listens, from its page "WebSocket › Connection".
const (
	DefaultSocketURL  = "wss://wss.plura.ai"
	DefaultSessionURL = "https://hooks.plura.ai/webchat/session"
)

// SessionID names a conversation on the server: "webchat-session." and a UUID.
// Whoever knows it can read on and write, so it is treated as a key: never
// logged whole, never put anywhere but in storage and the socket's URL.
type SessionID string

const sessionPrefix = "webchat-session."

// ParseSession checks a session id from the wire, from storage or from an
// attribute. Only the canonical form passes, so that nothing else ever
// reaches a URL.
func ParseSession(s string) (SessionID, error) {
	id, ok := strings.CutPrefix(s, sessionPrefix)
	if !ok || !isUUID(id) {
		return "", ErrBadSession
	}
	return SessionID(s), nil
}

// Masked is the id as a log may show it.
func (s SessionID) Masked() string {
	if s == "" {
		return "null"
	}
	return sessionPrefix + "…" + string(s[max(0, len(s)-4):])
}

// ParseFlow checks a flow id and returns it in lower case.
func ParseFlow(s string) (string, error) {
	if !isUUID(s) {
		return "", ErrBadFlow
	}
	return strings.ToLower(s), nil
}

// isUUID accepts the 36 character form alone; uuid.Parse knows others
// (braces, "urn:uuid:", no hyphens) that do not belong into a path.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	_, err := uuid.Parse(s)
	return err == nil
}

// Endpoint is one address of a conversation.
type Endpoint struct {
	SocketURL   string    // scheme and host, perhaps a path before /webchat; empty: [DefaultSocketURL]
	Flow        string    // the flow, or the instance that session initialisation named
	Session     SessionID // empty: a new conversation
	NoReconnect bool      // the last part of the path is "false" instead of "true"
}

// URL builds the address to dial. Flow and session are checked again, so that
// no other value can reach a path, whatever the way it came.
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

// CheckURL holds an address that an owner configured to the rules: the secure
// scheme everywhere, the plain one only to loopback, or to pageHost where the
// page itself came over plain HTTP (pageHost is empty otherwise). scheme is
// "wss" or "https".
func CheckURL(raw, scheme, pageHost string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBadURL, err)
	}
	if u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%w: want %s://host", ErrBadURL, scheme)
	}
	switch u.Scheme {
	case scheme:
		return nil
	case strings.TrimSuffix(scheme, "s"):
		if isLoopback(u.Hostname()) || (pageHost != "" && strings.EqualFold(u.Host, pageHost)) {
			return nil
		}
		return fmt.Errorf("%w: %s:// only to this machine", ErrBadURL, u.Scheme)
	}
	return errors.Join(ErrBadURL, errors.New("want "+scheme+"://"))
}

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "::1" {
		return true
	}
	rest, ok := strings.CutPrefix(host, "127.")
	if !ok {
		return false
	}
	for _, c := range rest { // digits and dots alone: 127.example.com is a name
		if c != '.' && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
