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

// storms checks the shares in the page's table of simulations. It returns the largest share, and the most dials of
// 100,000 clients in one second.
func storms(t *testing.T, page string) (share, worst float64) {
	t.Helper()
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
	return share, worst
}

// aMillion returns the figures of a site with a million visitors a day, and its connections at once. view, chat and
// requests are the bytes of a page view, and the bytes and requests of one with a chat. share is that of the
// connections that are opened again in the worst second after a restart.
func aMillion(view, chat, requests, share float64) (figures [][2]string, connections float64) {
	views := visitors * (view + (pageViews-1)*notModified) / 1e9
	chats := visitors * openers * (chat - view) / 1e9
	files := visitors*pageViews + visitors*openers*(requests-1)
	cost := monthDays * ((views+chats)*gigabyte + files/10_000*tenThousand)
	perSecond := busiestHour / 3600
	chatting := visitors * (openers + returners) * perSecond // visitors who begin to, in a second of the busiest hour
	connections = chatting * connected
	return [][2]string{
		{"bytes of page views", fmt.Sprintf("%.1f GB a day", views)},
		{"bytes of chats", fmt.Sprintf("%.1f GB a day", chats)},
		{"requests for files", grouped(files) + " a day"},
		{"bytes of a month", fmt.Sprintf("%.0f GB", monthDays*(views+chats))},
		{"cost of a month", fmt.Sprintf("$%.0f", cost)},
		{"requests for files, busiest hour", fmt.Sprintf("%.0f a second", files*perSecond)},
		{"new conversations", grouped(visitors*openers) + " a day"},
		{"handshakes, busiest hour", fmt.Sprintf("%.1f a second", chatting*pageViews)},
		{"connections at once, busiest hour", grouped(connections)},
		{"heartbeats, busiest hour", fmt.Sprintf("%.0f a second", connections/protocol.HeartbeatEvery.Seconds())},
		{"messages, busiest hour", fmt.Sprintf("%.0f a second", chatting*texts)},
		{"handshakes after a restart", fmt.Sprintf("%.0f in the worst second", connections*share)},
	}, connections
}

// aHundredThousand returns the figures of 100,000 connections. worst is the number of handshakes in the worst second,
// and sites the number of sites of a million visitors that have so many connections.
func aHundredThousand(worst, sites float64) [][2]string {
	const connections = 100_000
	beats := connections / protocol.HeartbeatEvery.Seconds()
	processor := func(microseconds float64) string { return fmt.Sprintf("%.0f %% of a processor", microseconds/1e6*100) }
	return [][2]string{
		{"visitors a day", fmt.Sprintf("%.0f million", sites*visitors/1e6)},
		{"heartbeats", grouped(beats) + " a second"},
		{"bytes of heartbeats", fmt.Sprintf("%.2f MB a second", beats*float64(len(heartbeat)+6)/1e6)},
		{"handshakes after an outage of 90 s", grouped(worst) + " in the worst second"},
		{"nginx: heartbeats", processor(beats * nginxHeartbeat)},
		{"nginx: the worst second", processor(worst * nginxHandshake)},
		{"nginx: memory", fmt.Sprintf("%.1f GB", connections*nginxConnection/1e6)},
		{"nginx: `worker_connections` in all, and open files", grouped(2 * connections)},
		{"nginx: addresses of the proxy or of the server", grouped(math.Ceil(float64(connections) / localPorts))},
	}
}

// TestScalingFigures computes the figures of scaling.md from what the page supposes and from what was measured.
func TestScalingFigures(t *testing.T) {
	page := read(t, scalingPage)
	row := regexp.MustCompile(`\| nginx with brotli \| ([\d,]+) \| ([\d,]+) \| (\d+) \|`)
	host := row.FindStringSubmatch(read(t, ownerPages+"/hosting.md"))
	if host == nil {
		t.Fatal("hosting.md has no row for nginx with brotli")
	}
	share, worst := storms(t, page)
	figures, connections := aMillion(number(t, host[1]), number(t, host[2]), number(t, host[3]), share)
	figures = append(figures, aHundredThousand(worst, 100_000/connections)...)
	for _, figure := range append(figures, [][2]string{
		{"visitors", grouped(visitors) + " a day"},
		{"page views of each", fmt.Sprint(pageViews)},
		{"of them, open the chat for the first time", fmt.Sprintf("%.0f %%", openers*100)},
		{"of them, have a conversation of another day", fmt.Sprintf("%.0f %%", returners*100)},
		{"time with a connection", fmt.Sprintf("%.0f minutes", connected/60)},
		{"messages that each of these sends", fmt.Sprint(texts)},
		{"busiest hour", fmt.Sprintf("%.0f %% of the day", busiestHour*100)},
		{"a gigabyte, and 10,000 requests", fmt.Sprintf("$%v and $%v", gigabyte, tenThousand)},
	}...) {
		if row := fmt.Sprintf("\n| %s | %s |", figure[0], figure[1]); strings.Count(page, row) != 1 {
			t.Errorf("the page has no row%s", row)
		}
	}
}
