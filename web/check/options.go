package check

import (
	"fmt"
	"net/url"
	"strings"

	"plurachat/protocol"
)

// FlowOptions say what [Checker.Flow] checks. Only Flow is required.
type FlowOptions struct {
	Flow       string // the flow's id, a UUID
	SocketURL  string // empty: [protocol.DefaultSocketURL]
	SessionURL string // empty: [protocol.DefaultSessionURL]
	Origin     string // of the page, such as https://www.example.com; empty: what depends on it is skipped
	Phone      string // in E.164 form; empty: the conversation is anonymous, and no session is initialised
	Message    string // the one message that is sent; empty: [DefaultMessage]
	Quick      bool   // leave out the 40 seconds of heartbeats
}

// DefaultMessage is the message that a check of a flow sends. It has two spaces in a row, quotation marks and an
// ampersand, because services differ in how they store them.
const DefaultMessage = `This is a test of the chat:  do you read "A & B"?`

// ParseFlowOptions checks the options and sets the defaults.
func ParseFlowOptions(o FlowOptions) (FlowOptions, error) {
	flow, err := protocol.ParseFlow(o.Flow)
	if err != nil {
		return o, fmt.Errorf("flow %q: %w", o.Flow, err)
	}
	o.Flow = flow
	for _, u := range []struct {
		value            *string
		scheme, fallback string
	}{{&o.SocketURL, "wss", protocol.DefaultSocketURL}, {&o.SessionURL, "https", protocol.DefaultSessionURL}} {
		if *u.value == "" {
			*u.value = u.fallback
		}
		if err := protocol.CheckURL(*u.value, u.scheme, ""); err != nil {
			return o, fmt.Errorf("%s: %w", *u.value, err)
		}
	}
	if o.Origin != "" {
		u, err := url.Parse(o.Origin)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return o, fmt.Errorf("origin %q does not look like https://www.example.com", o.Origin)
		}
		o.Origin = originOf(u)
	}
	if o.Phone != "" && !phoneForm.MatchString(o.Phone) {
		return o, fmt.Errorf("phone %s is not in E.164 form, like +15551234567", masked(o.Phone))
	}
	if strings.TrimSpace(o.Message) == "" {
		o.Message = DefaultMessage
	}
	return o, nil
}
