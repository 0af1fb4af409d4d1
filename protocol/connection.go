package protocol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// phase is the phase of a connection.
type phase uint8

const (
	dialing         phase = iota // the socket is not open
	awaitingSession              // the socket is open; the session frame has not arrived
	replaying                    // the session frame has arrived; a replay may follow
	live                         // messages may be written
)

// connection is one connection, from the dial to its end. Only the Client's
// goroutine uses its fields. Other goroutines dial, read and write.
type connection struct {
	requested   SessionID // the session in the URL; empty: a new one
	phase       phase
	out         chan []byte
	stop        context.CancelFunc
	since       time.Time // when the current phase began
	lastIn      time.Time // when the newest frame arrived
	heartbeatAt time.Time // when the newest heartbeat was due

	quietAt time.Time // when there has been no frame for long enough: the replay is over, or has paused
	endAt   time.Time // when the replay is over in any case
	late    bool      // the Client came late to quietAt or endAt, and waits longer for frames of the replay
	paused  bool      // the replay has paused, and the Client waits longer for frames of it

	resumed      bool     // the server continued a conversation that has confirmed entries
	replay       []Frame  // the frames of the replay of a resumed conversation
	historyKnown bool     // the session is new, or the replay has messages of the visitor: the server lacks all others
	early        []string // the frames before the session frame, and all frames of a probe
	heldBytes    int      // the size of replay and early, in bytes
	errors       int      // number of the server's errors that were reported to the site owner

	written      []writtenMessage // the messages written on this connection, while a recv may concern them
	wroteAt      time.Time        // when the newest of them was written
	acceptAt     time.Time        // when to accept an answer as an acknowledgement; zero: never
	flushAt      time.Time        // when to call flush again, although a recv is missing; zero: never
	silentAt     time.Time        // when to drop the connection because a message is not acknowledged; zero: never
	workedBefore time.Duration    // Client.workedFor when this connection became live
}

// writtenMessage is a message that was written on a connection.
type writtenMessage struct {
	key  string
	at   time.Time // when it was written
	recv time.Time // when its recv arrived; zero: it has not

	answered time.Time // when the first message of the agent after it arrived; zero: none has
}

// wrote returns the index of a message in written, or -1.
func (conn *connection) wrote(key string) int {
	return slices.IndexFunc(conn.written, func(w writtenMessage) bool { return w.key == key })
}

// outSize is the number of frames that may wait for a slow socket. In a browser,
// writing never blocks. Natively, it blocks if the peer does not read, and the
// connection is dropped.
const outSize = 256

// connect dials and starts the goroutines of a connection. They report to the
// Client through its queue: opened once, receivedBurst for each read, and closed
// always at the end.
func (c *Client) connect(url string, session SessionID) *connection {
	ctx, stop := context.WithCancel(context.Background())
	conn := &connection{requested: session, out: make(chan []byte, outSize), stop: stop, since: time.Now()}
	c.spawn(func() {
		err := c.runConnection(ctx, conn, url)
		c.queue.put(func() {
			c.cutInPause = c.cutInPause || conn == c.main && conn.paused
			c.closed(conn, err)
		})
	})
	return conn
}

// runConnection dials, writes and reads until the connection ends, and returns
// why.
func (c *Client) runConnection(ctx context.Context, conn *connection, url string) error {
	dialCtx, cancel := withTimeout(ctx, dialTimeout)
	socket, err := c.o.Dialer.Dial(dialCtx, url)
	if err != nil && dialCtx.Err() != nil && ctx.Err() == nil {
		err = errTimeout
	}
	cancel()
	if err != nil {
		return fmt.Errorf("connect: %w", masked(err, conn.requested))
	}
	c.queue.put(func() { c.opened(conn) })
	c.spawn(func() {
		defer socket.Close() // ends the reader too
		for {
			select {
			case data := <-conn.out:
				if socket.Write(ctx, data) != nil {
					return // the reader fails too, and returns the reason
				}
			case <-ctx.Done():
				return
			}
		}
	})
	for { // only reads and queues: the library loses frames if no Read is waiting when the socket closes
		data, text, err := socket.Read(ctx)
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		c.queue.put(func() { c.receivedBurst(conn, data, text) })
	}
}

// withTimeout returns a context that is cancelled after d. context.WithTimeout
// can print its deadline, which links all layouts of package time: several
// kilobytes.
func withTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	timer := time.AfterFunc(d, cancel)
	return ctx, func() {
		timer.Stop()
		cancel()
	}
}

// masked masks the session in an error, whose text may contain the URL.
func masked(err error, session SessionID) error {
	if text := err.Error(); session != "" && strings.Contains(text, string(session)) {
		return errors.New(strings.ReplaceAll(text, string(session), session.Masked()))
	}
	return err
}

// write queues one frame for a connection.
func (c *Client) write(conn *connection, data []byte) {
	select {
	case conn.out <- data:
	default:
		conn.stop() // the queue is full: the peer does not read
	}
}
