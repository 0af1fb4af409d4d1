package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// open opens a tab with a chat in which the conversation has begun.
func (b *bench) open(s speed) (*tab, error) {
	t, err := b.newTab(s)
	if err != nil {
		return nil, err
	}
	if err := t.Open(b.site.URL + "/chat"); err != nil {
		return nil, err
	}
	if err := t.until(`PluraChat.open && ` + launcher); err != nil {
		return nil, err
	}
	if _, err := value[any](t, `PluraChat.open()`); err != nil {
		return nil, err
	}
	if err := t.until(`PluraChat.state == "online" && ` + says(greeting)); err != nil {
		return nil, err
	}
	t.idle(quiet)
	return t, nil
}

// rows is an expression for the number of messages in the document.
const rows = chatLog + `.querySelectorAll("[part~=message]").length`

// burst makes the server send n messages at once. It returns times in ms from the arrival of the first frame: when the
// last message was painted, when all messages were in the document and painted, and when the last frame arrived.
// longest is the duration of the longest task.
func (t *tab) burst(n int) (shown, all, longest, arrived float64, err error) {
	before, err := value[int](t, rows)
	if err != nil {
		return 0, 0, 0, 0, err
	}
	// The measurement begins after the acknowledgement, so that it does not include the visitor's message.
	if _, err := value[bool](t, fmt.Sprintf(`PluraChat.send("burst %d").then(() => {
		document.bench.frames = [];
		document.bench.shown = document.bench.painted(() => [...%s.querySelectorAll(".block")].at(-1).textContent.includes("message %d of %d"));
		document.bench.done = document.bench.painted(() => %s >= %d);
		return true; })`, n, chatLog, n, n, rows, before+1+n)); err != nil {
		return 0, 0, 0, 0, err
	}
	times, err := value[[4]float64](t, `Promise.all([document.bench.shown, document.bench.done]).then(async ([shown, done]) => {
		await new Promise(resolve => setTimeout(resolve, 300)); // long tasks are told of a little later
		const [first] = document.bench.frames;
		return [shown - first, done - first, document.bench.longest(first), document.bench.frames.at(-1) - first]; })`)
	return times[0], times[1], times[2], times[3], err
}

var bursts = experiment{
	name: "a thousand messages in one burst",
	figures: []figure{
		{name: "1,000 messages in one burst: all that is in view", unit: "ms", goal: 1.2, against: "the last frame's arrival in a page that counts"},
		{name: "1,000 messages in one burst: all in the page", unit: "ms", goal: 1.5, against: "the last frame's arrival in a page that counts"},
		{name: "1,000 messages in one burst: all in the page, against plain JavaScript", unit: "ms", goal: -1, against: "plain JavaScript that appends the same nodes"},
		{name: "1,000 messages in one burst: the longest task", unit: "ms", goal: 50, scaled: true},
		{name: "1,000 messages in one burst: the last frame has arrived", unit: "ms", goal: -1},
	},
	run: func(b *bench) ([]measured, error) {
		counted, err := b.plainBurst(1000, "number")
		if err != nil {
			return nil, err
		}
		appended, err := b.plainBurst(1000, "rows")
		if err != nil {
			return nil, err
		}
		t, err := b.open(speed{})
		if err != nil {
			return nil, err
		}
		defer t.close()
		shown, all, longest, arrived, err := t.burst(1000)
		return []measured{{shown, counted.arrived}, {all, counted.arrived}, {all, appended.painted}, {value: longest}, {value: arrived}}, err
	},
}

// plainTab opens a conversation in the page in plain JavaScript; shows is what it shows of the messages.
func (b *bench) plainTab(shows string) (*tab, error) {
	t, err := b.newTab(speed{})
	if err != nil {
		return nil, err
	}
	if _, err := b.clickTo(t, "/plain?shows="+shows, plainLauncher, `document.bench.received`); err != nil {
		t.close()
		return nil, err
	}
	t.idle(quiet)
	return t, nil
}

// plainTimes are times in ms from the arrival of a burst's first frame.
type plainTimes struct{ arrived, painted float64 }

// plainBurst has the page in plain JavaScript receive n messages at once.
func (b *bench) plainBurst(n int, shows string) (times plainTimes, err error) {
	t, err := b.plainTab(shows)
	if err != nil {
		return times, err
	}
	defer t.close()
	return t.plainBurst(n)
}

func (t *tab) plainBurst(n int) (times plainTimes, err error) {
	figures, err := value[[2]float64](t, fmt.Sprintf(`(document.bench.say("burst %d"), document.bench.received = 0, document.bench.painted(() => document.bench.received >= %d)).then((painted) => {
		const { frames } = document.bench;
		return [frames.at(-1) - frames[0], painted - frames[0]]; })`, n, n))
	return plainTimes{figures[0], figures[1]}, err
}

// oneMore compares what a message costs in a short and in a long transcript, and in a page in plain JavaScript.
var oneMore = experiment{
	name: "one more message",
	figures: []figure{
		{name: "one more message onto 2,000: work of the main thread", unit: "ms", goal: 1.1, against: "onto 100"},
		{name: "one more message onto 100: work of the main thread", unit: "ms", goal: 3, against: "plain JavaScript that appends the same nodes"},
	},
	run: func(b *bench) ([]measured, error) {
		reference, err := b.plainCostOfOne()
		if err != nil {
			return nil, err
		}
		t, err := b.open(speed{})
		if err != nil {
			return nil, err
		}
		defer t.close()
		if err := t.measureBusy(); err != nil {
			return nil, err
		}
		var costs []float64
		for _, n := range []int{100, 1880} {
			if _, _, _, _, err := t.burst(n); err != nil {
				return nil, err
			}
			t.idle(quiet)
			cost, err := b.costOfOne(t)
			if err != nil {
				return nil, err
			}
			costs = append(costs, cost)
		}
		return []measured{{costs[1], costs[0]}, {costs[0], reference}}, nil
	},
}

// plainCostOfOne is costOfOne for the page in plain JavaScript, onto 100 messages.
func (b *bench) plainCostOfOne() (float64, error) {
	t, err := b.plainTab("rows")
	if err != nil {
		return 0, err
	}
	defer t.close()
	if err := t.measureBusy(); err != nil {
		return 0, err
	}
	if _, err := t.plainBurst(100); err != nil {
		return 0, err
	}
	t.idle(quiet)
	return b.costOfOne(t)
}

// costOfOne returns for how long the main thread works because of one message, in ms.
func (b *bench) costOfOne(t *tab) (float64, error) {
	const wait = 400 * time.Millisecond
	conns := b.site.flow.Conns()
	conn := conns[len(conns)-1]
	var costs []float64
	for i := range 9 {
		from, err := t.busy()
		if err != nil {
			return 0, err
		}
		t.idle(wait)
		middle, err := t.busy()
		if err != nil {
			return 0, err
		}
		conn.SendText(frame(i, 1e6))
		t.idle(wait)
		to, err := t.busy()
		if err != nil {
			return 0, err
		}
		costs = append(costs, ((to-middle)-(middle-from)).Seconds()*1000)
	}
	slices.Sort(costs)
	return costs[len(costs)/2], nil
}

// rowsInView is how many rows of a stored conversation are in view.
const rowsInView = 10

// restore compares the return of a visitor who has a conversation of n messages in storage with a page in plain
// JavaScript that appends the rows in view.
func restore(n int) experiment {
	return experiment{
		name: fmt.Sprintf("a stored conversation of %d messages", n),
		figures: []figure{
			{name: fmt.Sprintf("%d stored messages: in view after Go's start", n), unit: "ms", goal: 2, against: "plain JavaScript that appends the rows in view"},
			{name: fmt.Sprintf("%d stored messages: all in the page", n), unit: "ms", goal: -1},
			{name: fmt.Sprintf("%d stored messages: the longest task", n), unit: "ms", goal: 50, scaled: true},
		},
		run: func(b *bench) ([]measured, error) {
			reference, err := b.plainRows()
			if err != nil {
				return nil, err
			}
			t, err := b.newTab(speed{})
			if err != nil {
				return nil, err
			}
			defer t.close()
			record, err := stored(n)
			if err != nil {
				return nil, err
			}
			// The first round fills the browser's caches, as those of a visitor who returns are filled.
			var figures [3]float64
			for range 2 {
				if err := t.Open(b.site.URL + "/bare"); err != nil {
					return nil, err
				}
				if _, err := value[bool](t, fmt.Sprintf(`(localStorage["plura-chat:%s"] = %q, sessionStorage["plura-chat:%s:open"] = "1", true)`, flow, record, flow)); err != nil {
					return nil, err
				}
				if err := t.Open(b.site.URL + "/chat"); err != nil {
					return nil, err
				}
				figures, err = value[[3]float64](t, fmt.Sprintf(`Promise.all([document.bench.painted(() => %s), document.bench.painted(() => %s >= %d)]).then(async ([shown, all]) => {
					await new Promise(resolve => setTimeout(resolve, 1500));
					const { go } = document.bench.marks;
					return [shown - go, all - go, document.bench.longest(go)]; })`, says(fmt.Sprintf("message %d of %d", n, n)), rows, n))
				if err != nil {
					return nil, err
				}
			}
			return []measured{{figures[0], reference}, {value: figures[1]}, {value: figures[2]}}, nil
		},
	}
}

// plainRows returns how long a page in plain JavaScript takes to show the rows in view, in ms.
func (b *bench) plainRows() (float64, error) {
	t, err := b.newTab(speed{})
	if err != nil {
		return 0, err
	}
	defer t.close()
	if err := t.Open(b.site.URL + "/plain?shows=rows"); err != nil {
		return 0, err
	}
	t.idle(quiet)
	return value[float64](t, fmt.Sprintf(`(() => {
		const began = performance.now();
		document.bench.appendRows(%d);
		return document.bench.painted(() => true).then((painted) => painted - began); })()`, rowsInView))
}

// stored returns the record of a conversation of n messages, as the widget stores it.
func stored(n int) (string, error) {
	type entry struct {
		Key  string `json:"key"`
		ID   string `json:"id"`
		Kind int    `json:"kind,omitempty"`
		Name string `json:"name,omitempty"`
		Text string `json:"text"`
		At   int64  `json:"at"`
	}
	entries := make([]entry, n)
	now := time.Now()
	for i := range entries {
		entries[i] = entry{Key: uuid.NewString(), ID: uuid.NewString(), Name: "Maya", Text: words(i+1, n), At: now.Add(time.Duration(i-n) * time.Second).UnixMilli()}
		if i%5 == 3 {
			entries[i].Kind, entries[i].Name = 1, "" // a message of the visitor
		}
	}
	data, err := json.Marshal(map[string]any{"v": 1, "at": now.UnixMilli(), "read": entries[n-1].Key, "conversation": map[string]any{
		"session": "webchat-session." + uuid.NewString(), "flow": flow, "entries": entries}})
	return string(data), err
}

// memory measures what a conversation of fifty messages holds.
var memory = experiment{
	name: "the memory of fifty messages",
	figures: []figure{
		{name: "JS heap, array buffers and WebAssembly after 50 messages, above the bare page", unit: "MB", goal: 1.5, against: "an empty Go program"},
	},
	run: func(b *bench) ([]measured, error) {
		empty, err := b.bareMemory(quiet)
		if err != nil {
			return nil, err
		}
		t, err := b.open(speed{})
		if err != nil {
			return nil, err
		}
		defer t.close()
		if _, _, _, _, err := t.burst(48); err != nil { // the greeting and the visitor's message make fifty
			return nil, err
		}
		t.idle(quiet)
		full, err := t.memory()
		if err != nil {
			return nil, err
		}
		program, err := b.startEmpty(speed{})
		return []measured{{(full - empty) / 1e6, (program.memory - empty) / 1e6}}, err
	},
}

// bareMemory returns what the page without a chat holds, once it was left alone for d.
func (b *bench) bareMemory(d time.Duration) (float64, error) {
	t, err := b.newTab(speed{})
	if err != nil {
		return 0, err
	}
	defer t.close()
	if err := t.Open(b.site.URL + "/bare"); err != nil {
		return 0, err
	}
	t.idle(d)
	return t.memory()
}
