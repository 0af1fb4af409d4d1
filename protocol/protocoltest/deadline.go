package protocoltest

import "time"

// deadline is a timer that frames of the client restart. A nil deadline never
// expires.
type deadline struct {
	after time.Duration
	timer *time.Timer
}

// newDeadline returns a deadline that calls f after the time after. It returns
// nil if after is 0.
func newDeadline(after time.Duration, f func()) *deadline {
	if after <= 0 {
		return nil
	}
	return &deadline{after, time.AfterFunc(after, f)}
}

// postpone restarts the deadline and adds more to its time.
func (d *deadline) postpone(more time.Duration) {
	if d != nil {
		d.timer.Reset(d.after + more)
	}
}

func (d *deadline) stop() {
	if d != nil {
		d.timer.Stop()
	}
}
