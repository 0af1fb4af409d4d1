package main

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"plurachat/protocol"
)

const scalingPage = ownerPages + "/scaling.md"

// What web/docs/scaling.md supposes about a site, and the prices that it names.
const (
	visitors    = 1_000_000 // a day
	pageViews   = 3         // of each visitor
	openers     = 0.02      // of the visitors
	returners   = 0.01      // of the visitors: those with a conversation of another day
	connected   = 300.0     // seconds that each of both has a connection
	texts       = 6         // that each of both sends
	busiestHour = 0.1       // of the day
	monthDays   = 30
	gigabyte    = 0.085 // dollars
	tenThousand = 0.01  // dollars for so many requests
)

// What was measured. The bytes of files are in web/docs/hosting.md, and the dials of a storm in scaling.md.
const (
	notModified     = 348    // bytes of nginx's answer that a file has not changed
	nginxHandshake  = 172.0  // microseconds: 0.86 s for 5,000
	nginxHeartbeat  = 20.0   // microseconds: 0.2 s for 10,000
	nginxConnection = 17.0   // KB
	localPorts      = 28_232 // the default of Linux, for connections from one address to another
)

// heartbeat is a heartbeat as it is documented. On the wire, a frame of a client of this length has 6 bytes more.
const heartbeat = `{"type":"heartbeat","message":{"stamp":"2025-11-06T21:59:02","tz":"+04:00"}}`

// number returns a number of a table.
func number(t *testing.T, text string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(strings.NewReplacer(",", "", " %", "").Replace(text), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// grouped returns a number with commas between groups of three digits.
func grouped(n float64) string {
	text := strconv.FormatFloat(math.Round(n), 'f', 0, 64)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// stormRow matches a row of the table of simulations: clients, time, most dials in a second, their share.
var stormRow = regexp.MustCompile(`(?m)^\| ([\d,]+) \| (\d+) s \| ([\d,]+) \| ([\d.]+ %) \| ([\d,]+) \| [^|]+ \|$`)

// TestScalingFigures computes the figures of scaling.md from what the page supposes and from what was measured.
func TestScalingFigures(t *testing.T) {
	page := read(t, scalingPage)
	host := regexp.MustCompile(`\| nginx with brotli \| ([\d,]+) \| ([\d,]+) \| (\d+) \|`).FindStringSubmatch(read(t, ownerPages+"/hosting.md"))
	if host == nil {
		t.Fatal("hosting.md has no row for nginx with brotli")
	}
	view, chat, requests := number(t, host[1]), number(t, host[2]), number(t, host[3])
	beats := protocol.HeartbeatEvery.Seconds()

	share, worst := 0.0, 0.0 // the largest share of all simulations, and the dials of 100,000 clients in their worst second
	for _, row := range stormRow.FindAllStringSubmatch(page, -1) {
		clients, peak := number(t, row[1]), number(t, row[3])
		if got, want := row[4], fmt.Sprintf("%.1f %%", 100*peak/clients); got != want {
			t.Errorf("%s clients, down for %s s: the share is %s, want %s", row[1], row[2], got, want)
		}
		share = max(share, peak/clients)
		if clients == 100_000 {
			worst = max(worst, peak)
		}
	}
	if worst == 0 {
		t.Fatal("the page has no simulation of 100,000 clients")
	}

	viewBytes := visitors * (view + (pageViews-1)*notModified)
	chatBytes := visitors * openers * (chat - view)
	dayRequests := visitors*pageViews + visitors*openers*(requests-1)
	month := monthDays * (viewBytes + chatBytes) / 1e9
	perSecond := func(aDay float64) float64 { return aDay * busiestHour / 3600 }
	opened := perSecond(visitors * (openers + returners))
	sockets := opened * connected
	const many = 100_000
	for label, want := range map[string]string{
		"bytes of page views":                                fmt.Sprintf("%.1f GB a day", viewBytes/1e9),
		"bytes of chats":                                     fmt.Sprintf("%.1f GB a day", chatBytes/1e9),
		"requests for files":                                 grouped(dayRequests) + " a day",
		"bytes of a month":                                   fmt.Sprintf("%.0f GB", month),
		"cost of a month":                                    fmt.Sprintf("$%.0f", month*gigabyte+monthDays*dayRequests/10_000*tenThousand),
		"requests for files, busiest hour":                   fmt.Sprintf("%.0f a second", perSecond(dayRequests)),
		"new conversations":                                  grouped(visitors*openers) + " a day",
		"handshakes, busiest hour":                           fmt.Sprintf("%.2f a second", opened),
		"connections at once, busiest hour":                  grouped(sockets),
		"heartbeats, busiest hour":                           fmt.Sprintf("%.0f a second", sockets/beats),
		"messages, busiest hour":                             fmt.Sprintf("%.0f a second", perSecond(visitors*(openers+returners)*texts)),
		"handshakes after a restart":                         fmt.Sprintf("%.0f in the worst second", sockets*share),
		"visitors a day":                                     fmt.Sprintf("%.0f million", visitors*many/sockets/1e6),
		"heartbeats":                                         grouped(many/beats) + " a second",
		"bytes of heartbeats":                                fmt.Sprintf("%.2f MB a second", many/beats*float64(len(heartbeat)+6)/1e6),
		"handshakes after an outage of 90 s":                 grouped(worst) + " in the worst second",
		"nginx: heartbeats":                                  fmt.Sprintf("%.0f %% of a processor", many/beats*nginxHeartbeat/1e6*100),
		"nginx: the worst second":                            fmt.Sprintf("%.0f %% of a processor", worst*nginxHandshake/1e6*100),
		"nginx: memory":                                      fmt.Sprintf("%.1f GB", many*nginxConnection/1e6),
		"nginx: `worker_connections` in all, and open files": grouped(2 * many),
		"nginx: addresses of the proxy or of the server":     fmt.Sprintf("%.0f", math.Ceil(float64(many)/localPorts)),
	} {
		if row := fmt.Sprintf("\n| %s | %s |", label, want); strings.Count(page, row) != 1 {
			t.Errorf("the page has no row%s", row)
		}
	}
	for _, supposed := range []string{
		"visitors | " + grouped(visitors) + " a day", fmt.Sprintf("page views of each | %d", pageViews),
		fmt.Sprintf("of them, open the chat for the first time | %.0f %%", openers*100),
		fmt.Sprintf("of them, have a conversation of another day | %.0f %%", returners*100),
		fmt.Sprintf("time with a connection | %.0f minutes", connected/60), fmt.Sprintf("messages that each of these sends | %d", texts),
		fmt.Sprintf("busiest hour | %.0f %% of the day", busiestHour*100),
		fmt.Sprintf("a gigabyte, and 10,000 requests | $%v and $%v", gigabyte, tenThousand),
	} {
		if !strings.Contains(page, "| "+supposed+" |") {
			t.Errorf("the page does not suppose %q", supposed)
		}
	}
}
