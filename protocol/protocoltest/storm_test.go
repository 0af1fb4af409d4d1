//go:build !js

package protocoltest_test

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"plurachat/protocol/protocoltest"
)

// Ten thousand visitors connect to a server in memory. The server drops them, and
// all of them connect again at once. The test measures the memory of a
// connection, for the server and the client together.
func TestTenThousandConnections(t *testing.T) {
	n := 10000
	if testing.Short() || raceEnabled {
		n = 1000
	}
	synctest.Test(t, func(t *testing.T) {
		s := protocoltest.NewPipe(protocoltest.Options{LogSize: -1})
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				for range 2 {
					ws, err := dial(s, flowID, "null")
					if err != nil {
						t.Errorf("dial: %v", err)
						return
					}
					for {
						if _, _, err := ws.Read(context.Background()); err != nil {
							break
						}
					}
					ws.CloseNow()
					// All visitors connect again at the same time.
					<-time.After(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)))
				}
			})
		}
		synctest.Wait()
		runtime.GC()
		runtime.ReadMemStats(&after)
		if got := s.Live(); got != n {
			t.Fatalf("%d live, want %d", got, n)
		}
		each := (after.HeapAlloc + after.StackInuse - before.HeapAlloc - before.StackInuse) / uint64(n)
		t.Logf("%d connections, %d KiB each", n, each/1024)
		if limit := uint64(64 << 10); each > limit && !raceEnabled {
			t.Errorf("a connection costs %d bytes, more than %d", each, limit)
		}
		s.DropAll()
		time.Sleep(61 * time.Second) // virtual
		synctest.Wait()
		if got := s.Live(); got != n {
			t.Errorf("%d live after the restart, want %d", got, n)
		}
		if got := s.Dials(); got != 2*n {
			t.Errorf("%d dials, want %d", got, 2*n)
		}
		s.Close()
		wg.Wait()
		if got := s.Live(); got != 0 {
			t.Errorf("%d live after Close", got)
		}
	})
}

// Close ends everything that is in progress. synctest fails if a goroutine is
// left.
func TestCloseEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := protocoltest.NewPipe(protocoltest.Options{Delays: protocoltest.Delays{Recv: time.Hour, Answer: time.Hour}})
		v, _ := join(t, s, flowID, "null", 3)
		v.say("never answered")
		k, _ := join(t, s, flowID, "null", 3)
		synctest.Wait()
		s.Conns(k.session)[0].Kick(4001, "")
		s.HalfOpen(true)
		s.HangDials(true)
		hung := make(chan error)
		go func() {
			_, _, err := websocket.Dial(context.Background(), socketURL(s, flowID, "null"), &websocket.DialOptions{HTTPClient: s.Client()})
			hung <- err
		}()
		synctest.Wait()
		s.Close()
		s.Close()
		if err := <-hung; err == nil {
			t.Error("a hanging handshake succeeded")
		}
		if _, err := dial(s, flowID, "null"); err == nil {
			t.Error("a closed server accepted a dial")
		}
		if _, _, err := post(s, "{}"); err == nil {
			t.Error("a closed server answered a post")
		}
		if err := v.ended(); err == nil {
			t.Error("a connection survived")
		}
	})
}

func TestNothingIsLeftOnLoopback(t *testing.T) {
	before := runtime.NumGoroutine()
	s := protocoltest.NewServer(protocoltest.Options{})
	for range 20 {
		v, _ := join(t, s, flowID, "null", 3)
		v.say("x")
		v.read()
		defer v.ws.CloseNow()
	}
	s.Close()
	for _, c := range s.Conns() {
		t.Errorf("live: %d", c.Number())
	}
	var now int
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if now = runtime.NumGoroutine(); now <= before {
			return
		}
	}
	t.Errorf("%d goroutines, %d before", now, before)
}
