package main

import (
	"fmt"
	"time"

	"plurachat/protocol/protocoltest"
)

// The stream is a number of messages that a server sends without a pause.
const (
	streamed   = 100_000
	streamRate = 5_000 // a second
)

var stream = experiment{
	name: "a stream of 100,000 messages",
	figures: []figure{
		{name: "100,000 messages at 5,000 a second: the longest task", unit: "ms", goal: 50, scaled: true},
		{name: "100,000 messages at 5,000 a second: WebAssembly", unit: "MB", goal: 64},
		{name: "100,000 messages at 5,000 a second: the newest in view after the last frame's arrival", unit: "ms", goal: -1},
		{name: "100,000 messages at 5,000 a second: the last frame after the first", unit: "s", goal: -1},
	},
	once: true,
	run: func(b *bench) ([]measured, error) {
		t, err := b.open(speed{})
		if err != nil {
			return nil, err
		}
		defer t.close()
		if _, err := value[bool](t, fmt.Sprintf(`PluraChat.send("stream %d %d").then(() => {
			document.bench.frames = [];
			document.bench.shown = document.bench.painted(() => [...%s.querySelectorAll(".block")].at(-1).textContent.includes("message %d of %d"));
			return true; })`, streamed, streamRate, chatLog, streamed, streamed)); err != nil {
			return nil, err
		}
		if err := t.untilWithin(5*time.Minute, says(fmt.Sprintf("message %d of %d", streamed, streamed))); err != nil {
			return nil, err
		}
		figures, err := value[[4]float64](t, `document.bench.shown.then(async (shown) => {
			await new Promise(resolve => setTimeout(resolve, 300)); // long tasks are told of a little later
			const first = document.bench.frames[0], last = document.bench.frames.at(-1);
			return [document.bench.longest(first), document.bench.memory.buffer.byteLength / 1e6, shown - last, (last - first) / 1000]; })`)
		return plain(figures[:]...), err
	},
}

// sendStream sends n messages, rate of them a second.
func sendStream(conn *protocoltest.Conn, n, rate int) {
	const every = 10 * time.Millisecond
	began := time.Now()
	for sent := 0; sent < n; time.Sleep(every) {
		for due := min(n, int(time.Since(began)*time.Duration(rate)/time.Second)); sent < due; sent++ {
			conn.SendText(frame(sent+1, n))
		}
	}
}
