package chat

import (
	"cmp"

	"plurachat/protocol"
	"plurachat/widget/markdown"
)

// face is how the sender of a message is shown. It is cached because most messages have the sender of the one before.
type face struct {
	entryName, entryPicture string // of the entry
	owner                   protocol.Owner

	name, picture, initials string
}

// setFace sets c.face to the sender of an entry.
func (c *Chat) setFace(e *protocol.Entry) {
	owner := &c.stored.Conversation.Owner
	if f := &c.face; f.name != "" && f.entryName == e.Name && f.entryPicture == e.Picture && f.owner == *owner {
		return
	}
	c.face = face{entryName: e.Name, entryPicture: e.Picture, owner: *owner, name: c.nameOf(e), picture: c.pictureOf(e)}
	c.face.initials = initials(c.face.name)
}

// nameOf returns the name of an entry's sender. An entry without a name is the chat owner's.
func (c *Chat) nameOf(e *protocol.Entry) string {
	if n := markdown.WithoutBidi(e.Name); n != "" {
		return n
	}
	return c.agentName()
}

// agentName returns the chat owner's name, or a word where it is not known.
func (c *Chat) agentName() string { return cmp.Or(c.ownerName(), c.words.Get("agent")) }

// ownerName returns the chat owner's name without controls of the writing direction, which would reorder the text
// beside it.
func (c *Chat) ownerName() string { return markdown.WithoutBidi(c.stored.Conversation.Owner.Name) }

// pictureOf returns the picture of an entry's sender. The chat owner's picture is used for no other name.
func (c *Chat) pictureOf(e *protocol.Entry) string {
	if c.mayLoad(e.Picture) {
		return e.Picture
	}
	owner := &c.stored.Conversation.Owner
	if e.Name == "" || e.Name == owner.Name {
		return c.ownerPicture()
	}
	return ""
}

// ownerPicture returns the chat owner's picture, or the site owner's avatar until it arrives.
func (c *Chat) ownerPicture() string {
	if p := c.stored.Conversation.Owner.Picture; c.mayLoad(p) {
		return p
	}
	return c.o.Avatar
}

// picture is an address, and whether it may be loaded.
type picture struct {
	address string
	ok      bool
}

// mayLoad reports whether a picture named by the server may be loaded. A picture on the page's own host may not, except
// the site owner's avatar: a request there carries the visitor's cookies and could trigger an action.
func (c *Chat) mayLoad(address string) bool {
	if address != c.checkedPicture.address {
		ok := SafePicture(address)
		if ok && address != c.o.Avatar && c.ownHost != nil && address[0]|0x20 == 'h' {
			ok = !c.ownHost(address)
		}
		c.checkedPicture = picture{address, ok}
	}
	return c.checkedPicture.ok
}
