package protocol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// phase is how far a link has come.
type phase uint8

const (
	dialing  phase = iota // the socket is not open
	greeting              // open; the session frame has not come
	settling              // the session is named; what follows may be a replay
	live                  // messages may be written
)

// link is one connection, from the dial to the end. Only the Client's
// goroutine touches its fields; goroutines of its own dial, read and write.
type link struct {
	asked  SessionID // the session that was dialled; empty: a new one
	phase  phase
	out    chan []byte
	stop   context.CancelFunc
	since  time.Time // when the current phase began
	lastIn time.Time // the newest frame, for the quiet after a replay
	beat   time.Time // when the newest heartbeat of ours was due

	resumed bool     // the server continued a conversation that is on screen
	replay  []Frame  // while settling a resumed conversation
	told    bool     // the session is new, or the replay had the visitor's side: the server lacks what is not in it
	early   []string // what came before the session frame, and all that a probe received
	held    int      // bytes of replay and early
	errors  int      // how many of the server's the site owner was told

	written   []writing     // the messages written here
	wroteAt   time.Time     // when the newest of them was
	believeAt time.Time     // when to take an answer for an acknowledgement; zero: there is none
	flushAt   time.Time     // when to write what waits for a recv that does not come; zero: nothing waits
	silentAt  time.Time     // when an unanswered message makes the link suspect; zero: none is
	settledAt time.Duration // how long connections had worked when this one could first be written to
}

// writing is a message that was written on a link.
type writing struct {
	key  string
	at   time.Time // when it was
	recv time.Time // when its recv came; zero: it has not

	answered time.Time // when the agent first said something after it; zero: it has not
}

// wrote finds a message among those written on the link; -1 if it is not.
func (l *link) wrote(key string) int {
	return slices.IndexFunc(l.written, func(w writing) bool { return w.key == key })
}

// outSize is how many frames may wait for a slow socket. A browser's socket
// never makes anybody wait; natively a stalled peer does, and is given up.
const outSize = 256

// connect dials and starts the goroutines of a link. Whatever happens on it is
// told to the Client through its queue: opened once, received for each frame,
// and closed at the end, in any case.
func (c *Client) connect(url string, asked SessionID) *link {
	ctx, stop := context.WithCancel(context.Background())
	l := &link{asked: asked, out: make(chan []byte, outSize), stop: stop, since: time.Now()}
	c.spawn(func() {
		err := c.carry(ctx, l, url)
		c.queue.put(func() { c.closed(l, err) })
	})
	return l
}

// carry is the life of a link's socket.
func (c *Client) carry(ctx context.Context, l *link, url string) error {
	dialCtx, cancel := within(ctx, dialTimeout)
	conn, err := c.o.Dialer.Dial(dialCtx, url)
	if err != nil && dialCtx.Err() != nil && ctx.Err() == nil {
		err = errTimeout
	}
	cancel()
	if err != nil {
		return fmt.Errorf("connect: %w", masked(err, l.asked))
	}
	c.queue.put(func() { c.opened(l) })
	c.spawn(func() {
		defer conn.Close() // ends the reader, whatever ended this
		for {
			select {
			case data := <-l.out:
				if conn.Write(ctx, data) != nil {
					return // the reader fails too, and says why
				}
			case <-ctx.Done():
				return
			}
		}
	})
	for { // only reads and queues: a browser loses what nobody waits for
		data, text, err := conn.Read(ctx)
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		c.queue.put(func() { c.heard(l, data, text) })
	}
}

// within is a context that is cancelled after some time. context.WithTimeout can
// print its deadline, for which it brings along all of time's layouts: several
// kilobytes.
func within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	timer := time.AfterFunc(d, cancel)
	return ctx, func() {
		timer.Stop()
		cancel()
	}
}

// masked takes the session out of an error, whose text may name the URL.
func masked(err error, session SessionID) error {
	if text := err.Error(); session != "" && strings.Contains(text, string(session)) {
		return errors.New(strings.ReplaceAll(text, string(session), session.Masked()))
	}
	return err
}

// write queues one frame on a link.
func (c *Client) write(l *link, data []byte) {
	select {
	case l.out <- data:
	default:
		l.stop() // hundreds of frames wait: the peer does not read
	}
}
