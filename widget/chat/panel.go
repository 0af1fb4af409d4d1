package chat

import "plurachat/widget/backend"

// setOpen opens or closes the panel. An inline panel is always open.
func (c *Chat) setOpen(open, quiet bool) {
	if c.o.Inline {
		open = true
	}
	if open {
		c.ensureConnected()
		if !quiet {
			c.batch.Focus = FocusComposer
		}
	}
	if open == c.open {
		return
	}
	c.open = open
	c.menu, c.ask = false, AskNothing
	if open {
		c.following, c.sinceScroll, c.belowView = true, c.unread, 0
		c.scroll(c.toUnread())
		c.emit("open")
		return
	}
	c.stopTyping()
	c.hush()
	if !quiet {
		c.batch.Focus = FocusLauncher
	}
	c.emit("close")
}

// setVisible handles a change of the tab's visibility.
func (c *Chat) setVisible(on bool) {
	if c.visible == on {
		return
	}
	c.visible = on
	if on {
		c.command(backend.Command{Kind: backend.Wake})
		return
	}
	c.stopTyping()
	c.save() // a hidden tab may be closed without an event
}

// Visible reports whether the tab is visible.
func (c *Chat) Visible() bool { return c.visible }

// Reading reports whether the conversation is in view in this tab: the panel is open and the tab visible.
func (c *Chat) Reading() bool { return c.open && c.visible }
