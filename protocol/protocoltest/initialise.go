package protocoltest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"

	"github.com/google/uuid"
)

// initResponse is the documented response of session initialisation.
type initResponse struct {
	FlowID     string `json:"flow_id"`
	Session    string `json:"session"`
	FlowPort   int    `json:"flow_port"`
	WSSTestURL string `json:"wss_test_url"`
}

func (s *Server) serveInit(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		abort()
	}
	defer s.wg.Done()
	if !s.opts.NoCORS {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Methods", "POST, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "Content-Type")
		h.Set("Access-Control-Expose-Headers", "Retry-After")
	}
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		abort()
	}
	flow, record, bad := parseInit(r, raw)
	e := Event{Kind: Init, Flow: flow, Raw: string(raw)}
	s.mu.Lock()
	s.logLocked(e)
	down := s.isDown()
	failure, failed := s.fail.take()
	known := s.knows(flow)
	s.mu.Unlock()
	if down {
		abort()
	}
	if bad != nil {
		s.violation(0, "", e.Raw, bad)
	}
	if failed {
		writeFailure(w, failure)
		return
	}
	if s.misbehaveHTTP(w, r, e, s.ask(e)) {
		return
	}
	if bad != nil {
		writeFailure(w, Failure{Status: http.StatusBadRequest, Message: bad.Error()})
		return
	}
	if !known {
		writeFailure(w, Failure{Status: http.StatusNotFound, Message: "unknown flow"})
		return
	}
	s.mu.Lock()
	ss := s.newSession(uuid.NewString())
	ss.record = record
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(encode(initResponse{ss.flow, ss.id, 8088, "wss.plura.ai"}))
}

// e164 matches a phone number in E.164 form: +, the country code and the number.
var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// parseInit parses a session initialisation and checks it against the
// documentation.
func parseInit(r *http.Request, raw []byte) (flow string, record map[string]any, err error) {
	if r.Method != http.MethodPost {
		return "", nil, fmt.Errorf("session initialisation is POST, not %s", r.Method)
	}
	if typ, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || typ != "application/json" {
		return "", nil, fmt.Errorf("Content-Type is %q, not application/json", r.Header.Get("Content-Type"))
	}
	fields, err := strictObject(raw)
	if err != nil {
		return "", nil, err
	}
	if err := strictString(fields["flow_id"], &flow); err != nil {
		return "", nil, fmt.Errorf("flow_id: %w", err)
	}
	if !validFlow(flow) {
		return flow, nil, fmt.Errorf("flow_id %q is not a UUID", flow)
	}
	if err := onlyFields(fields, "record", "flow_id"); err != nil {
		return flow, nil, err
	}
	if len(fields["record"]) == 0 {
		return flow, nil, errors.New("record is missing")
	}
	members, err := strictObject(fields["record"])
	if err != nil {
		return flow, nil, fmt.Errorf("record: %w", err)
	}
	var phone string
	if err := strictString(members["phone"], &phone); err != nil {
		return flow, nil, fmt.Errorf("record.phone: %w", err)
	}
	if !e164.MatchString(phone) {
		return flow, nil, errors.New("record.phone is not in E.164 form, like +15551234567")
	}
	for _, name := range []string{"first_name", "last_name"} {
		var s string
		if v, ok := members[name]; ok {
			if err := strictString(v, &s); err != nil {
				return flow, nil, fmt.Errorf("record.%s: %w", name, err)
			}
		}
	}
	d := json.NewDecoder(bytes.NewReader(fields["record"]))
	d.UseNumber() // keeps numbers as they were written
	if err := d.Decode(&record); err != nil {
		return flow, nil, fmt.Errorf("record: %w", err)
	}
	return flow, record, nil
}
