package chat

// Scroll says where the log scrolls to.
type Scroll struct {
	Kind ScrollKind
	Key  string // for ScrollTo: the row whose top stays in view
}

// ScrollKind is the kind of a [Scroll].
type ScrollKind uint8

const (
	ScrollStay ScrollKind = iota // do not scroll
	ScrollEnd                    // to the end
	ScrollTo                     // to the end, but not past the top of a row
)

// add merges a later Scroll. A ScrollTo is kept: its row stays in view, even if the batch scrolls again later.
func (s *Scroll) add(later Scroll) {
	if later.Kind != ScrollStay && s.Kind != ScrollTo {
		*s = later
	}
}

// scrolled handles a scroll of the log.
func (c *Chat) scrolled(atEnd bool) {
	if atEnd {
		c.belowView = 0
	} else if c.following {
		c.belowView = max(c.sinceScroll-1, 0) // the first of them is at the top of the view
	}
	c.following, c.sinceScroll = atEnd, 0
}

// followEnd scrolls to the end if the end was in view.
func (c *Chat) followEnd() {
	if c.following {
		c.scroll(Scroll{Kind: ScrollEnd})
	}
}

func (c *Chat) scroll(s Scroll) { c.batch.Scroll.add(s) }

// Following reports whether the end of the log is in view, as of the last Scrolled intent.
func (c *Chat) Following() bool { return c.following }
