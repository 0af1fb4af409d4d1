package hosting

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plurachat/protocol"
	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

var sockets = flag.Int("sockets", 200, "number of connections of TestLoad, at most 7,000")

// TestLoad opens many connections of the real client, through nginx's proxy, to a test server, and checks what
// web/docs/scaling.md computes: how many heartbeats arrive, and how many clients dial in the worst second after all
// connections were lost. With fewer than 1,000 connections, as by default and in CI, it only checks that the clients do
// not dial together; the share in the documentation needs more. It logs what nginx needs for a connection.
func TestLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a minute")
	}
	t.Parallel()
	s := service(t, protocoltest.Options{LogSize: -1})
	through := proxy(s, false).run(t)
	before := usage(t, through.cmd.Process.Pid)
	began := time.Now()
	connect(t, *sockets, "ws://"+through.addr)
	if err := s.WaitLive(3*patience, *sockets); err != nil {
		t.Fatal(err)
	}
	open := time.Since(began)
	after := usage(t, through.cmd.Process.Pid)
	t.Logf("%d connections in %s: nginx took %s of processor time, and %d KB of memory for each", *sockets,
		open.Round(time.Millisecond), after.processor-before.processor, (after.memory-before.memory)/(*sockets)>>10)

	// The clients connected together, so they send their heartbeats together. The first one comes early.
	const rounds = 2
	if err := s.WaitCount(patience, protocoltest.Heartbeat, *sockets); err != nil {
		t.Fatal(err)
	}
	start, idle := time.Now(), usage(t, through.cmd.Process.Pid)
	if err := s.WaitCount(patience, protocoltest.Heartbeat, (1+rounds)**sockets); err != nil {
		t.Fatal(err)
	}
	took, beating := time.Since(start), usage(t, through.cmd.Process.Pid)
	got, want := rounds*float64(*sockets)/took.Seconds(), float64(*sockets)/protocol.HeartbeatEvery.Seconds()
	if got < 0.8*want || got > 1.2*want {
		t.Errorf("%.0f heartbeats a second, want %.0f", got, want)
	}
	t.Logf("%d heartbeats in %s: %.0f a second, computed %.0f; nginx took %s", rounds**sockets, took.Round(time.Second),
		got, want, beating.processor-idle.processor)

	// Of few clients, chance may bring many more together.
	most := *sockets / 8
	if *sockets < 1000 {
		most = *sockets / 3
	}
	if peak := loseAll(t, s); peak > most {
		t.Errorf("%d of %d clients dialled in one second, at most %d may", peak, *sockets, most)
	}
	if n := s.Count(protocoltest.Violation); n > 0 { // the log has none, as it is switched off
		t.Errorf("the clients broke the protocol %d times", n)
	}
}

// loseAll drops all connections at once, and returns when they are back. It returns the most dials in one second.
func loseAll(t *testing.T, s *protocoltest.Server) (peak int) {
	t.Helper()
	first, lost := s.Dials(), time.Now()
	s.DropAll()
	dials := first
	seconds := []int{}
	if !suite.Poll(2*patience, func() bool {
		second := int(time.Since(lost) / time.Second)
		for len(seconds) <= second {
			seconds = append(seconds, 0)
		}
		now := s.Dials()
		seconds[second] += now - dials
		dials = now
		return now-first >= *sockets && s.Live() == *sockets
	}) {
		t.Fatalf("%d of %d are back", s.Live(), *sockets)
	}
	peak = slices.Max(seconds)
	t.Logf("all back after %s, with %d dials in the worst second: %.1f %%",
		time.Since(lost).Round(time.Second), peak, 100*float64(peak)/float64(*sockets))
	return peak
}

// connect starts n clients, which stop with the test. As in the simulation, one in ten has a visitor who waits.
func connect(t *testing.T, n int, url string) {
	t.Helper()
	clients := make([]*protocol.Client, n)
	for i := range clients {
		c, err := protocol.NewClient(protocol.Options{Flow: uuid.NewString(), SocketURL: url})
		if err != nil {
			t.Fatal(err)
		}
		clients[i] = c
	}
	t.Cleanup(func() {
		for _, c := range clients {
			c.Close()
		}
		for _, c := range clients {
			c.Wait()
		}
	})
	for i, c := range clients {
		c.Start()
		c.Attention(i%10 == 0)
		c.Connect()
	}
}

// used is what a program has used.
type used struct {
	processor time.Duration
	memory    int // bytes
}

// usage returns what a program and its children have used, on Linux. Elsewhere it returns zero.
func usage(t *testing.T, pid int) used {
	t.Helper()
	if runtime.GOOS != "linux" {
		return used{}
	}
	total := used{}
	pids := []int{pid}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for child := range strings.FieldsSeq(string(children)) {
		n, err := strconv.Atoi(child)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, n)
	}
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			t.Fatal(err)
		}
		// The name of the program, in parentheses, may contain spaces.
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		number := func(field int) int {
			n, err := strconv.Atoi(fields[field-3]) // the first field of rest is the third one in proc(5)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		const tick = 10 * time.Millisecond // of the fields below, on every processor that Go supports
		total.processor += time.Duration(number(14)+number(15)) * tick
		total.memory += number(24) * os.Getpagesize()
	}
	return total
}
