//go:build !js

package chat

import (
	"fmt"
	"testing"
	"time"

	"plurachat/protocol"
)

// One more message costs the same below a hundred messages and below ten thousand.
func BenchmarkOneMore(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			now := time.Now()
			message := func(i int) protocol.Entry {
				return protocol.Entry{Key: fmt.Sprintf("87f66d6d-dba9-4a44-9274-%012d", i), ID: fmt.Sprint(i), Name: "Maya", Text: "A message", At: now}
			}
			var r Stored
			for i := range n {
				r.Conversation.Entries = append(r.Conversation.Entries, message(i))
			}
			c := New(now, Config{Stored: r, Open: true, Visible: true, NewKey: func() string { return "" }})
			c.Take(now)
			b.ReportAllocs()
			i := n
			for b.Loop() {
				c.Event(now, protocol.Event{Kind: protocol.Added, Entry: message(i)})
				c.Take(now)
				i++
			}
		})
	}
}

// The state is stored once for a burst, and the cost depends only on its newest messages.
func BenchmarkRecordText(b *testing.B) {
	for _, n := range []int{200, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var r Stored
			for i := range n {
				r.Conversation.Entries = append(r.Conversation.Entries, protocol.Entry{
					Key: fmt.Sprintf("87f66d6d-dba9-4a44-9274-%012d", i), ID: fmt.Sprint(i), Name: "Maya", Text: "A message of a few words.", At: time.Unix(1e9, 0)})
			}
			b.ReportAllocs()
			for b.Loop() {
				r.Text(maxMessages)
			}
		})
	}
}
