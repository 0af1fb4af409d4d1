package protocoltest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The frames that the server sends. The fields have the order of the
// documentation.
type (
	sessionFrame struct {
		Type      string `json:"type"`
		ID        string `json:"id"`
		SessionID string `json:"session_id"`
	}
	ownerFrame struct {
		Type       string `json:"type"`
		ID         string `json:"id"`
		ProfilePic string `json:"profilepic"`
		Name       string `json:"name"`
	}
	messageFrame struct { // message and recv
		Type       string `json:"type"`
		ID         string `json:"id"`
		ProfilePic string `json:"profilepic"`
		Name       string `json:"name"`
		Content    string `json:"content"`
	}
	bareFrame struct { // a recv without content
		Type       string `json:"type"`
		ID         string `json:"id"`
		ProfilePic string `json:"profilepic"`
		Name       string `json:"name"`
	}
)

// encode returns v as JSON. Like JavaScript's JSON.stringify, it does not escape
// & < >.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("protocoltest: encoding %T: %v", v, err)) // cannot happen: all frames can be encoded
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// clientFrame is a documented frame of the client.
type clientFrame struct {
	kind  Kind
	text  string // as Event.Text
	body  json.RawMessage
	stamp time.Time
}

// parseClientFrame parses one of the three documented frames: message, typing and
// heartbeat. For anything else, it returns an error that says what is wrong.
func parseClientFrame(raw []byte) (clientFrame, error) {
	fields, err := strictObject(raw)
	if err != nil {
		return clientFrame{}, err
	}
	if err := onlyFields(fields, "type", "message"); err != nil {
		return clientFrame{}, err
	}
	var typ string
	if err := strictString(fields["type"], &typ); err != nil {
		return clientFrame{}, fmt.Errorf("type: %w", err)
	}
	body, ok := fields["message"]
	if !ok {
		return clientFrame{}, errors.New("message is missing")
	}
	f := clientFrame{kind: Kind(typ), body: body}
	switch f.kind {
	case Message:
		if err := strictString(body, &f.text); err != nil {
			return f, fmt.Errorf("message: %w", err)
		}
		if strings.TrimSpace(f.text) == "" {
			return f, errors.New("message is empty")
		}
	case Typing:
		if f.text = string(body); f.text != "true" && f.text != "false" {
			return f, fmt.Errorf("message of typing is %s, not true or false", body)
		}
	case Heartbeat:
		return parseHeartbeat(f, body)
	default:
		return f, fmt.Errorf("type %q is not documented for clients", typ)
	}
	return f, nil
}

var offset = regexp.MustCompile(`^[+-](0\d|1[0-4]):[0-5]\d$`)

const stampLayout = "2006-01-02T15:04:05"

func parseHeartbeat(f clientFrame, body json.RawMessage) (clientFrame, error) {
	fields, err := strictObject(body)
	if err != nil {
		return f, fmt.Errorf("message of heartbeat: %w", err)
	}
	if err := onlyFields(fields, "stamp", "tz"); err != nil {
		return f, fmt.Errorf("message of heartbeat: %w", err)
	}
	var stamp, tz string
	if err := strictString(fields["stamp"], &stamp); err != nil {
		return f, fmt.Errorf("stamp: %w", err)
	}
	if err := strictString(fields["tz"], &tz); err != nil {
		return f, fmt.Errorf("tz: %w", err)
	}
	if f.stamp, err = time.Parse(stampLayout, stamp); err != nil || len(stamp) != len(stampLayout) {
		return f, fmt.Errorf("stamp %q is not YYYY-MM-DDTHH:mm:ss", stamp)
	}
	if !offset.MatchString(tz) {
		return f, fmt.Errorf("tz %q is not an offset like +04:00", tz)
	}
	f.text = stamp + " " + tz
	return f, nil
}

// strictObject parses one JSON object and returns its fields, whose values are
// kept as they were written. It returns an error if a name occurs twice or if
// anything follows the object.
func strictObject(raw []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	t, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if t != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	fields := map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		name, _ := t.(string)
		if _, ok := fields[name]; ok {
			return nil, fmt.Errorf("%q occurs twice", name)
		}
		var v json.RawMessage
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		fields[name] = v
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the JSON object")
	}
	return fields, nil
}

// onlyFields returns an error if there is a field whose name is not allowed.
func onlyFields(fields map[string]json.RawMessage, allowed ...string) error {
	for name := range fields {
		if !slices.Contains(allowed, name) {
			return fmt.Errorf("field %q is not documented", name)
		}
	}
	return nil
}

// strictString parses a JSON string. It returns an error for other types and for
// a field that is missing.
func strictString(raw json.RawMessage, s *string) error {
	if len(raw) == 0 {
		return errors.New("missing")
	}
	if raw[0] != '"' {
		return fmt.Errorf("%s is not a string", raw)
	}
	return json.Unmarshal(raw, s)
}
