package widget

import "time"

// pace is how much of a burst is dealt with at once, so that nobody notices: in
// one go the page would stand still. It is learned from what came last, for at
// first the browser has not made fast code of what deals with it yet.
type pace struct {
	turn  time.Duration // what dealing with it may take
	least int
	most  int
	learn int // 0: nothing yet
}

// now is how many may be dealt with at once.
func (p *pace) now() int { return max(p.learn, p.least) }

// took tells for how long so many were dealt with.
func (p *pace) took(n int, d time.Duration) {
	if n >= p.least && d > 0 { // of fewer there is nothing to learn
		p.learn = min(max(int(time.Duration(n)*p.turn/d), p.least), p.most)
	}
}
