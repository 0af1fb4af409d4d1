package protocol

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"plurachat/protocol/strictjson"
)

// triesAtMost bounds how often one session initialisation is tried.
const triesAtMost = 5

// retryAfterAtMost bounds what a server may ask for by Retry-After while a
// visitor waits.
const retryAfterAtMost = 2 * time.Minute

// ErrCrossOrigin tells that the browser kept the answer from the page: the
// server was reached, but does not allow this origin.
var ErrCrossOrigin error = problem("cross-origin call not allowed by the server; initialise the session on your own server and hand it over by flow-instance and session")

// ErrRedirected tells that the session URL leads to another one. A record goes
// to the URL that its owner has named, and is not sent on.
var ErrRedirected error = problem("the server redirects to another URL, to which lead data is not sent on; name that one")

// SessionError is why a session could not be initialised.
type SessionError struct {
	Status  int    // of the last answer; 0: there was none
	Message string // the server's words, for the owner
	Err     error  // what went wrong below HTTP, if anything did
}

// Error implements error.
func (e *SessionError) Error() string {
	s := "session initialisation failed"
	if e.Status != 0 {
		s += " with status " + strconv.Itoa(e.Status)
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives errors.Is its way to Err.
func (e *SessionError) Unwrap() error { return e.Err }

// Final reports whether another try would end the same way: the server
// understood and said no, or sends elsewhere, or the browser does not let the
// page ask.
func (e *SessionError) Final() bool {
	return e.Status != 0 && e.Status != 429 && e.Status < 500 || errors.Is(e.Err, ErrCrossOrigin) || errors.Is(e.Err, ErrRedirected)
}

// AppendInitRequest appends the body of a session initialisation. record is the
// JSON text of an object, and goes out with every number as it was written.
func AppendInitRequest(dst []byte, record, flow string) ([]byte, error) {
	v, err := strictjson.Parse(record)
	if err != nil || v.Kind() != strictjson.Object {
		return nil, fmt.Errorf("record: %w: want an object", ErrMalformed)
	}
	dst = append(append(dst, `{"record":`...), v.Raw()...)
	dst = append(strictjson.AppendString(append(dst, `,"flow_id":`...), flow), '}')
	return dst, nil
}

// ParseInitResponse reads the flow instance and the session from the answer to
// a session initialisation.
func ParseInitResponse(body []byte) (flow string, session SessionID, err error) {
	v, err := parse(string(body))
	if err != nil {
		return "", "", ErrMalformed
	}
	if flow, err = ParseFlow(v.Get("flow_id").Text()); err != nil {
		return "", "", fmt.Errorf("flow_id: %w", err)
	}
	if session, err = ParseSession(v.Get("session").Text()); err != nil {
		return "", "", fmt.Errorf("session: %w", err)
	}
	return flow, session, nil
}

// Identify initialises a session with lead data and continues in it. record is
// the JSON text of an object with at least a phone; digest, not 0, tells
// records apart: the record that the current session was initialised with is
// not initialised again. The outcome is a Switched event, or Refused.
func (c *Client) Identify(record string, digest uint32) {
	c.queue.put(func() {
		c.wanted, c.suspended, c.record = true, false, record
		c.hope()
		if c.initialising != nil {
			c.initialising()
			c.initialising = nil
		}
		if digest == c.conv.Digest && c.conv.Session != "" {
			c.dialNow()
			return
		}
		body, err := AppendInitRequest(nil, record, c.o.Flow)
		if err != nil {
			c.initFailed(&SessionError{Err: err})
			return
		}
		ctx, cancel := context.WithCancel(context.Background())
		c.initialising = cancel
		c.spawn(func() {
			flow, session, err := c.initialise(ctx, body)
			if err != nil {
				v, _ := strictjson.Parse(record)
				err.Message = scrub(err.Message, v)
			}
			c.queue.put(func() {
				if ctx.Err() != nil {
					return // replaced by another, or closed
				}
				cancel()
				c.initialising = nil
				if err != nil {
					c.initFailed(err)
					return
				}
				c.switchTo(flow, session, digest)
				c.dialNow()
			})
		})
	})
}

func (c *Client) initFailed(err *SessionError) {
	if c.conv.Session == "" {
		c.gaveUp, c.refused, c.dialAt, c.why = true, true, time.Time{}, err
	}
	c.emit(Event{Kind: Refused, Err: err})
	if c.gaveUp && !c.o.Anonymous {
		c.failPending()
	}
}

// initialise posts until there is an answer that counts.
func (c *Client) initialise(ctx context.Context, body []byte) (string, SessionID, *SessionError) {
	url := c.o.SessionURL
	if url == "" {
		url = DefaultSessionURL
	}
	crossed := false
	for try := 0; ; try++ {
		flow, session, retryAfter, err := c.tryInit(ctx, url, body)
		// A connection that broke looks like a call that the browser forbade. Twice in a row it is one.
		cross := err != nil && errors.Is(err.Err, ErrCrossOrigin)
		final := err != nil && err.Final() && (!cross || crossed)
		crossed = cross
		if err == nil || final || try+1 == triesAtMost || ctx.Err() != nil {
			return flow, session, err
		}
		wait := sessionBackoff(try, c.o.Rand())
		if retryAfter > 0 {
			wait = retryAfter
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return "", "", &SessionError{Err: ctx.Err()}
		}
	}
}

func (c *Client) tryInit(ctx context.Context, url string, body []byte) (flow string, session SessionID, retryAfter time.Duration, failed *SessionError) {
	postCtx, cancel := within(ctx, postTimeout)
	defer cancel()
	c.trace("→", "session initialisation")
	answer, err := c.o.Poster.Post(postCtx, url, body)
	c.trace("←", "session initialisation "+strconv.Itoa(answer.Status))
	if err != nil {
		if postCtx.Err() != nil && ctx.Err() == nil {
			err = errTimeout
		}
		return "", "", 0, &SessionError{Err: err}
	}
	if answer.Status < 200 || answer.Status > 299 {
		return "", "", askedWait(answer.RetryAfter), &SessionError{Status: answer.Status, Message: said(answer.Body)}
	}
	if flow, session, err = ParseInitResponse(answer.Body); err != nil {
		failed = &SessionError{Status: answer.Status, Message: said(answer.Body)}
		if failed.Message == "" {
			failed.Err = err
		}
		return "", "", 0, failed
	}
	return flow, session, 0, nil
}

// said is the server's message in an answer that is none.
func said(body []byte) string {
	v, _ := parse(string(body)) // anything may come with an error status: then there is no message
	return cut(v.Get("message").Text())
}

// askedWait is how long a Retry-After header asks to wait, at most
// retryAfterAtMost; 0 where it is none. A date is none: the visitor's clock may
// be wrong, and the documented delays do.
func askedWait(header string) time.Duration {
	seconds, err := strconv.ParseUint(header, 10, 64)
	if errors.Is(err, strconv.ErrRange) || err == nil && seconds > uint64(retryAfterAtMost/time.Second) {
		return retryAfterAtMost
	}
	return time.Duration(seconds) * time.Second
}

// postTimeout is for one try to initialise a session.
const postTimeout = 20 * time.Second
