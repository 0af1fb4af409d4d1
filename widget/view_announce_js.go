package widget

import "plurachat/widget/chat"

// readOut empties the announcers if the batch says so, and announces what the batch has.
func (v *view) readOut(b *chat.Batch) {
	if b.Hush {
		v.announcer.SetTextContent("")
		v.outside.SetTextContent("")
	}
	if b.Unheard > 0 {
		v.announce(v.words.Count("moreNew", b.Unheard))
	}
	for i := range b.Announce {
		v.announce(b.Announce[i].Text(v.words))
	}
}

// announce makes screen readers read a text.
func (v *view) announce(text string) {
	announcer := v.outside
	if v.screen.Open {
		announcer = v.announcer
	}
	announcer.AppendChild(createText("p", "", "", text))
	if announcer.Get("childElementCount").Int() > mostAnnounced {
		announcer.Get("firstChild").Call("remove")
	}
}

// mostAnnounced is the number of texts in an announcer. While messages arrive again and again, it is never emptied.
const mostAnnounced = 32
