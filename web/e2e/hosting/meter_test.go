package hosting

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"plurachat/web/e2e/suite"
)

// meter is a proxy in front of a server. It counts what a browser gets from the server.
//
// It also counts the rounds: it holds all answers until the browser has sent no request for a while, and then lets them
// pass together. So a round is what a browser can ask for before it knows the answers of the round before, which takes
// at least one round trip on a network.
type meter struct {
	addr   string
	server string

	quiet time.Duration // the time without a request after which a round ends

	mu       sync.Mutex
	held     map[net.Conn]bool // connections whose answer is held
	next     *sync.Cond        // a round has ended
	timer    *time.Timer
	bytes    int
	requests int
	rounds   int
}

// newMeter starts a proxy, which stops with the test.
func newMeter(t *testing.T, server string, quiet time.Duration) *meter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &meter{addr: l.Addr().String(), server: server, quiet: quiet, held: map[net.Conn]bool{}}
	m.next = sync.NewCond(&m.mu)
	m.timer = time.AfterFunc(time.Hour, m.endRound)
	var wg sync.WaitGroup
	t.Cleanup(func() {
		_ = l.Close()
		m.endRound()
		wg.Wait()
		m.timer.Stop()
	})
	wg.Go(func() {
		for {
			client, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				wg.Go(func() { m.serve(t, client) })
			}
		}
	})
	return m
}

// serve passes one connection on, until either side or the test ends it.
func (m *meter) serve(t *testing.T, client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", m.server)
	if err != nil {
		t.Errorf("the meter cannot reach the server: %v", err)
		return
	}
	defer server.Close()
	stop := context.AfterFunc(t.Context(), func() {
		_ = client.Close()
		_ = server.Close()
	})
	defer stop()
	var wg sync.WaitGroup
	wg.Go(func() {
		defer server.Close()
		_, _ = io.Copy(server, reader(func(p []byte) (int, error) {
			n, err := client.Read(p)
			m.asked(client, bytes.Count(p[:n], []byte(" HTTP/1.1\r\n")))
			return n, err
		})) // it fails when either side ends
	})
	_, _ = io.Copy(client, reader(func(p []byte) (int, error) {
		n, err := server.Read(p)
		m.answered(client, n)
		return n, err
	})) // likewise
	_ = client.Close()
	wg.Wait()
}

type reader func([]byte) (int, error)

func (r reader) Read(p []byte) (int, error) { return r(p) }

// asked notes requests, which keep the round going.
func (m *meter) asked(client net.Conn, requests int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if requests > 0 {
		m.requests += requests
		m.held[client] = true
		m.timer.Reset(m.quiet)
	}
}

// answered notes a part of an answer, and returns when it may pass.
func (m *meter) answered(client net.Conn, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bytes += n
	for m.held[client] {
		m.next.Wait()
	}
}

func (m *meter) endRound() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.held) > 0 {
		m.rounds++
	}
	clear(m.held)
	m.next.Broadcast()
}

// cost is what a visitor has got from a server.
type cost struct{ bytes, requests, rounds int }

// cost returns the cost so far.
func (m *meter) cost() cost {
	m.mu.Lock()
	defer m.mu.Unlock()
	return cost{m.bytes, m.requests, m.rounds}
}

// idle returns once no answer is held and nothing has passed for a while.
func (m *meter) idle(t *testing.T) cost {
	t.Helper()
	var last cost
	since := time.Now()
	if !suite.Poll(patience, func() bool {
		now := m.cost()
		if now != last {
			last, since = now, time.Now()
		}
		return time.Since(since) > 2*m.quiet
	}) {
		t.Fatal("the network does not become quiet")
	}
	return last
}
