//go:build !js

package protocol

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
)

var stormClients = flag.Int("clients", 0, "number of clients of TestStorm; 0: several numbers, up to 10,000")

// stormServer is a Dialer that accepts any number of connections and counts the dials in each second.
type stormServer struct {
	mu    sync.Mutex
	start time.Time
	down  bool
	dials map[int]int // by second after start
	conns map[*stormConn]bool
}

type stormConn struct {
	srv    *stormServer
	frames chan []byte
	closed chan struct{}
	once   sync.Once
}

func (s *stormServer) Dial(_ context.Context, url string) (Conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dials[int(time.Since(s.start)/time.Second)]++
	if s.down {
		return nil, errors.New("connection refused")
	}
	c := &stormConn{srv: s, frames: make(chan []byte, 4), closed: make(chan struct{})}
	s.conns[c] = true
	session := url[len(url)-len("/r/true")-len(testSession) : len(url)-len("/r/true")]
	if _, err := ParseSession(session); err != nil {
		session = SessionPrefix + uuid.NewString()
	}
	c.frames <- []byte(`{"type":"session","id":"1","session_id":"` + session + `"}`)
	return c, nil
}

func (c *stormConn) Read(ctx context.Context) ([]byte, bool, error) {
	select {
	case data := <-c.frames:
		return data, true, nil
	case <-c.closed:
		return nil, false, errors.New("closed")
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
}

func (c *stormConn) Write(context.Context, []byte) error { return nil }

func (c *stormConn) Close() {
	c.once.Do(func() {
		close(c.closed)
		c.srv.mu.Lock()
		delete(c.srv.conns, c)
		c.srv.mu.Unlock()
	})
}

// restart closes all connections and refuses dials for the given time.
func (s *stormServer) restart(down time.Duration) {
	s.mu.Lock()
	s.start, s.dials, s.down = time.Now(), map[int]int{}, true
	var conns []*stormConn
	for c := range s.conns {
		conns = append(conns, c)
	}
	s.mu.Unlock()
	for _, c := range conns {
		c.Close()
	}
	time.Sleep(down)
	s.mu.Lock()
	s.down = false
	s.mu.Unlock()
}

// storm restarts the server of n clients. It returns the largest number of dials in one second, the number of all
// dials, and the time until all clients are connected.
func storm(t *testing.T, n int, down time.Duration) (peak, total int, back time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		srv := &stormServer{start: time.Now(), dials: map[int]int{}, conns: map[*stormConn]bool{}}
		r := rand.New(rand.NewPCG(7, uint64(n)))
		var mu sync.Mutex
		random := func() float64 {
			mu.Lock()
			defer mu.Unlock()
			return r.Float64()
		}
		clients := make([]*Client, n)
		for i := range clients {
			session := SessionID(SessionPrefix + uuid.NewString())
			c, err := NewClient(Options{Flow: testFlow, Dialer: srv, Rand: random, NewKey: func() string { return "" }, Offset: func() int { return 0 },
				Conversation: Conversation{Session: session, Flow: testInstance, Entries: []Entry{{Key: "1", Text: "Hi"}}}})
			if err != nil {
				t.Fatal(err)
			}
			clients[i] = c
			c.Start()
			c.Attention(i%10 == 0) // one widget in ten has a visitor waiting
			c.Connect()
		}
		synctest.Wait()
		time.Sleep(time.Minute)
		srv.restart(down)
		for {
			srv.mu.Lock()
			up := len(srv.conns)
			srv.mu.Unlock()
			if up == n {
				break
			}
			if time.Since(srv.start) > 10*time.Minute {
				t.Fatalf("after 10 minutes only %d of %d are back", up, n)
			}
			time.Sleep(100 * time.Millisecond)
		}
		back = time.Since(srv.start)
		for _, d := range srv.dials {
			peak, total = max(peak, d), total+d
		}
		for _, c := range clients {
			c.Close()
		}
		for _, c := range clients {
			c.Wait()
		}
	})
	return
}

// TestStorm restarts the server of many clients in virtual time. It logs the largest number of dials in one second for
// each number of clients, and how much time and memory the simulation took.
func TestStorm(t *testing.T) {
	sizes := []int{1_000, 3_000, 10_000}
	switch {
	case *stormClients > 0:
		sizes = []int{*stormClients}
	case raceDetector:
		sizes = []int{300} // the race detector is limited to 8,128 goroutines, and reaches other limits before
	case testing.Short():
		sizes = sizes[:1]
	}
	t.Log("clients  down   peak dials/s   share   dials in all   all back after")
	for _, down := range []time.Duration{time.Second, 20 * time.Second, 90 * time.Second} {
		var shares []float64
		for _, n := range sizes {
			began := time.Now()
			peak, total, back := storm(t, n, down)
			took := time.Since(began)
			share := float64(peak) / float64(n)
			shares = append(shares, share)
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			t.Logf("%7d  %4v  %13d  %5.1f%%  %13d   %14v   simulated in %v, with %d MB from the system so far",
				n, down, peak, share*100, total, back.Round(time.Second), took.Round(time.Second), memory.Sys>>20)
			if peak > n/8 && n >= 1_000 { // a share of fewer clients means nothing
				t.Errorf("%d clients: %d dials in one second, more than an eighth of them", n, peak)
			}
		}
		if last := shares[len(shares)-1]; last > slices.Min(shares)*1.5 {
			t.Errorf("the share does not stay put as clients grow: %v", shares)
		}
	}
}
