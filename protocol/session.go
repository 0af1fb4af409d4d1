package protocol

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"plurachat/protocol/strictjson"
)

// maxTries is the number of tries of one session initialisation.
const maxTries = 5

// maxRetryAfter bounds the time of a Retry-After header, because a visitor is
// waiting.
const maxRetryAfter = 2 * time.Minute

// postTimeout is the time limit of one try to initialise a session.
const postTimeout = 20 * time.Second

// ErrCrossOrigin means that the browser does not let the page read the response:
// the server can be reached, but does not allow the page's origin.
var ErrCrossOrigin error = constError("the server does not allow calls from this origin; " +
	"initialise the session on your own server and set flow-instance and session")

// ErrRedirected means that the session URL redirects to another URL. Lead data is
// sent only to the URL that the site owner has configured.
var ErrRedirected error = constError("the server redirects to another URL, and lead data does not follow redirects; " +
	"configure that URL")

// SessionError describes why a session could not be initialised.
type SessionError struct {
	Status  int    // of the last response; 0: there was none
	Message string // the server's message, for the site owner
	Err     error  // the error of the request or of reading the response; nil: none
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

// Unwrap returns Err.
func (e *SessionError) Unwrap() error { return e.Err }

// Final reports whether another try would fail in the same way: the server has
// refused or redirected the request, or the browser does not allow it.
func (e *SessionError) Final() bool {
	return e.Status != 0 && e.Status != 429 && e.Status < 500 ||
		errors.Is(e.Err, ErrCrossOrigin) || errors.Is(e.Err, ErrRedirected)
}

// AppendInitRequest appends the body of a session initialisation. record is the
// JSON text of an object. Numbers are sent as they are written.
func AppendInitRequest(dst []byte, record, flow string) ([]byte, error) {
	v, err := strictjson.Parse(record)
	if err != nil || v.Kind() != strictjson.Object {
		return nil, fmt.Errorf("record: %w: want an object", ErrMalformed)
	}
	dst = append(append(dst, `{"record":`...), v.Raw()...)
	dst = append(strictjson.AppendString(append(dst, `,"flow_id":`...), flow), '}')
	return dst, nil
}

// ParseInitResponse reads the flow instance and the session from the response to a
// session initialisation.
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

// Identify initialises a session with lead data and continues in it. record is the
// JSON text of an object with at least a phone. digest identifies the record and
// is not 0: if the current session was initialised with the same record, Identify
// only connects. Otherwise the result is a Switched or a Refused event.
//
// An empty record stands for the one that the server has refused, for a tab that
// does not have it. If the server has refused none, Identify only connects.
func (c *Client) Identify(record string, digest uint32) {
	c.queue.put(func() {
		if record == "" {
			if !c.leadRefused {
				c.connectNow()
				return
			}
			record, digest = c.record, c.digest
		}
		c.wanted, c.suspended, c.record, c.digest = true, false, record, digest
		c.allowDialing()
		c.cancelInit()
		if digest == c.conv.Digest && c.conv.Session != "" {
			c.dialNow()
			return
		}
		body, err := AppendInitRequest(nil, record, c.o.Flow)
		if err != nil {
			c.initFailed(&SessionError{Err: err})
			return
		}
		if v, err := strictjson.Parse(record); err == nil {
			c.trace("→", "a record with "+strings.Join(v.Keys(), ", "))
		}
		c.startInit(body)
	})
}

// startInit initialises a session with c.record in a goroutine of its own. body is
// the request's.
func (c *Client) startInit(body []byte) {
	record, digest := c.record, c.digest
	ctx, cancel := context.WithCancel(context.Background())
	c.initialising = cancel
	c.spawn(func() {
		flow, session, err := c.initialise(ctx, body)
		if err != nil {
			v, _ := strictjson.Parse(record) // it was parsed when it was given
			err.Message = scrub(err.Message, v)
		}
		c.queue.put(func() {
			if ctx.Err() != nil {
				return // replaced by another call, or the Client is closed
			}
			c.cancelInit()
			if err != nil {
				c.initFailed(err)
				return
			}
			c.switchTo(flow, session, digest)
			c.dialNow()
		})
	})
}

// cancelInit ends session initialisation, if there is one.
func (c *Client) cancelInit() {
	if c.initialising != nil {
		c.initialising()
		c.initialising = nil
	}
}

func (c *Client) initFailed(err *SessionError) {
	if c.conv.Session == "" {
		c.gaveUp, c.leadRefused, c.dialAt, c.reason = true, true, time.Time{}, err
	}
	c.emit(Event{Kind: Refused, Err: err})
	if c.gaveUp && !c.o.Anonymous {
		c.failPending()
	}
}

// initialise posts until there is a session, an error that is final, or
// maxTries tries have failed.
func (c *Client) initialise(ctx context.Context, body []byte) (string, SessionID, *SessionError) {
	url := c.o.SessionURL
	if url == "" {
		url = DefaultSessionURL
	}
	crossed := false
	for try := 0; ; try++ {
		flow, session, retryAfter, err := c.tryInit(ctx, url, body)
		// A broken connection looks like a call that the browser has refused. If it happens twice in a row, it was
		// refused.
		cross := err != nil && errors.Is(err.Err, ErrCrossOrigin)
		final := err != nil && err.Final() && (!cross || crossed)
		crossed = cross
		if err == nil || final || try+1 == maxTries || ctx.Err() != nil {
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

// tryInit posts once. retryAfter is the time for which the server asks to wait.
func (c *Client) tryInit(ctx context.Context, url string, body []byte) (
	flow string, session SessionID, retryAfter time.Duration, failed *SessionError,
) {
	postCtx, cancel := withTimeout(ctx, postTimeout)
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
		failed = &SessionError{Status: answer.Status, Message: errorMessage(answer.Body)}
		return "", "", parseRetryAfter(answer.RetryAfter), failed
	}
	if flow, session, err = ParseInitResponse(answer.Body); err != nil {
		failed = &SessionError{Status: answer.Status, Message: errorMessage(answer.Body)}
		if failed.Message == "" {
			failed.Err = err
		}
		return "", "", 0, failed
	}
	return flow, session, 0, nil
}

// errorMessage returns the server's message in an error response. It may contain
// lead data, which scrub removes before it shortens the message.
func errorMessage(body []byte) string {
	v, _ := parse(string(body)) // if the body is not JSON, there is no message
	return v.Get("message").Text()
}

// parseRetryAfter returns the time of a Retry-After header in seconds, at most
// maxRetryAfter, or 0. It does not read dates, because the visitor's clock may
// be wrong; the documented delays apply then.
func parseRetryAfter(header string) time.Duration {
	seconds, err := strconv.ParseUint(header, 10, 64)
	if errors.Is(err, strconv.ErrRange) || err == nil && seconds > uint64(maxRetryAfter/time.Second) {
		return maxRetryAfter
	}
	return time.Duration(seconds) * time.Second
}
