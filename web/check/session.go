package check

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"plurachat/protocol"
)

const (
	sessionTime   = 20 * time.Second // of one request to the session URL
	sessionAtMost = 64 << 10         // bytes of its answer
)

// Steps of session initialisation.
const (
	stepPreflight  = "preflight of the session URL"
	stepInitialise = "session initialisation"
	stepReadable   = "answer readable by the page"
)

const (
	docPreflight  = "not documented; browsers need the page's origin and the header Content-Type to be allowed"
	docInitialise = "status 200 with flow_id, another one than that sent, and session"
	docReadable   = "not documented; browsers need Access-Control-Allow-Origin in the answer too"
	ownServer     = "initialise sessions on your own server, and give the page flow-instance and session"
)

// phoneForm is the form of a phone number in lead data (E.164).
var phoneForm = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

// allowsOrigin reports whether an answer lets pages of an origin read it.
func allowsOrigin(h http.Header, origin string) bool {
	allowed := strings.TrimSpace(h.Get("Access-Control-Allow-Origin"))
	return allowed == "*" || origin != "" && strings.EqualFold(allowed, origin)
}

// listHas reports whether a header that is a list has a name, or *.
func listHas(values []string, name string) bool {
	for _, value := range values {
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item == "*" || strings.EqualFold(item, name) {
				return true
			}
		}
	}
	return false
}

// preflight asks the session URL, as a browser does, whether a page of the origin may post lead data. It sends none.
func (f *flowCheck) preflight() {
	if f.o.Origin == "" {
		f.skip(stepPreflight, docPreflight, "the origin of the page was not given (-origin)")
		return
	}
	ctx, cancel := context.WithTimeout(f.ctx, sessionTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodOptions, f.o.SessionURL, nil)
	if err != nil {
		f.wrong(stepPreflight, docPreflight, err.Error(), "correct the session URL")
		return
	}
	request.Header.Set("Origin", f.o.Origin)
	request.Header.Set("Access-Control-Request-Method", http.MethodPost)
	request.Header.Set("Access-Control-Request-Headers", "content-type")
	response, err := f.client.Do(request)
	if err != nil {
		f.wrong(stepPreflight, docPreflight, "no answer: "+cause(err).Error(), "check the session URL and the network")
		return
	}
	response.Body.Close() // nothing is read of it
	h := response.Header
	switch {
	case response.StatusCode < 200 || response.StatusCode > 299:
		f.wrong(stepPreflight, docPreflight, fmt.Sprintf("status %d", response.StatusCode), ownServer)
	case !allowsOrigin(h, f.o.Origin):
		f.wrong(stepPreflight, docPreflight, "the origin is not allowed", ownServer)
	case !listHas(h.Values("Access-Control-Allow-Headers"), "Content-Type"):
		f.wrong(stepPreflight, docPreflight, "the header Content-Type is not allowed", ownServer)
	default:
		f.right(stepPreflight, docPreflight, "allowed")
	}
}

// initialise initialises a session with the phone number. It sends one request. It returns false if there is no
// session.
func (f *flowCheck) initialise() bool {
	if f.o.Phone == "" {
		f.skip(stepInitialise, docInitialise, "no phone number was given (-phone)")
		return true
	}
	answer, header, err := f.post()
	if err != nil {
		f.wrong(stepInitialise, docInitialise, err.Error(), "check the session URL and the network")
		return false
	}
	switch {
	case f.o.Origin == "":
		f.skip(stepReadable, docReadable, "the origin of the page was not given (-origin)")
	case !allowsOrigin(header, f.o.Origin):
		f.wrong(stepReadable, docReadable, "the origin is not allowed", ownServer)
	default:
		f.right(stepReadable, docReadable, "allowed")
	}
	if answer.Status < 200 || answer.Status > 299 {
		var failure struct{ Message string }
		_ = json.Unmarshal(answer.Body, &failure) // without a message, the status says enough
		f.wrong(stepInitialise, docInitialise, fmt.Sprintf("status %d: %s", answer.Status, failure.Message),
			statusAdvice(answer.Status))
		return false
	}
	flow, session, err := protocol.ParseInitResponse(answer.Body)
	switch {
	case err != nil:
		f.wrong(stepInitialise, docInitialise, "the answer cannot be used: "+err.Error(), "report this to the service")
		return false
	case flow == f.o.Flow:
		f.odd(stepInitialise, docInitialise, "a session, with the flow_id that was sent",
			"nothing; the widget uses what it gets")
	default:
		f.right(stepInitialise, docInitialise, "a session and a flow_id of its own")
	}
	f.flow, f.session = flow, session
	return true
}

// post posts the lead data.
func (f *flowCheck) post() (protocol.Answer, http.Header, error) {
	record, err := json.Marshal(map[string]string{"phone": f.o.Phone})
	if err != nil {
		return protocol.Answer{}, nil, fmt.Errorf("the record: %w", err)
	}
	body, err := protocol.AppendInitRequest(nil, string(record), f.o.Flow)
	if err != nil {
		return protocol.Answer{}, nil, fmt.Errorf("the request: %w", err)
	}
	ctx, cancel := context.WithTimeout(f.ctx, sessionTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.o.SessionURL, bytes.NewReader(body))
	if err != nil {
		return protocol.Answer{}, nil, fmt.Errorf("the request: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	if f.o.Origin != "" {
		request.Header.Set("Origin", f.o.Origin)
	}
	response, err := f.client.Do(request)
	if err != nil {
		return protocol.Answer{}, nil, fmt.Errorf("no answer: %w", cause(err))
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, sessionAtMost))
	if err != nil {
		return protocol.Answer{}, nil, fmt.Errorf("the answer broke off: %w", err)
	}
	return protocol.Answer{Status: response.StatusCode, Body: data}, response.Header, nil
}

// statusAdvice says what to do if a session could not be initialised.
func statusAdvice(status int) string {
	switch {
	case status >= 300 && status < 400:
		return "give the URL to which it redirects; lead data does not follow redirects"
	case status == http.StatusBadRequest:
		return "check the phone number and the flow id"
	case status == http.StatusNotFound:
		return "check the flow id"
	case status == http.StatusTooManyRequests, status >= 500:
		return "try again later"
	}
	return "ask the service what this status means"
}
