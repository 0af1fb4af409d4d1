package protocol

import "sync"

// queue passes functions to the goroutine that owns a Client's state. It has no
// bound, so that put never blocks: readers of sockets and callbacks of the browser
// must not wait.
type queue struct {
	mu    sync.Mutex
	funcs []func()
	ready chan struct{} // holds one token while funcs is not empty
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1)} }

func (q *queue) put(f func()) {
	q.mu.Lock()
	q.funcs = append(q.funcs, f)
	q.mu.Unlock()
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

func (q *queue) drain() []func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	funcs := q.funcs
	q.funcs = nil
	return funcs
}
