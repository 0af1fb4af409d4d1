package widget

import (
	"time"

	"plurachat/widget/chat"
)

// applyBatches carries out what the chat and the tab have returned since the last call.
func (w *widget) applyBatches(now time.Time) {
	if w.applyChatBatch(now); !w.ended {
		w.applyTabBatches(now)
	}
}

// applyChatBatch carries out the chat's batch in the order that [chat.Batch] requires: it stores, then it sends, then
// it reports to the page. So what the page is told of or the server has received is always stored. Drawing follows
// later.
func (w *widget) applyChatBatch(now time.Time) {
	b := w.chat.Take(now)
	holding := w.tab.Holding()
	switch {
	case b.Forget && holding:
		w.archive.Forget()
	case b.Forget: // only the holder stores a deletion: what is stored may still be the deleted conversation
		w.archive.ForgetAsMirror()
		b.Save, b.SaveLater, w.unsaved = false, false, false
	}
	if w.unsaved = w.unsaved || b.SaveLater; b.Save {
		w.save()
	}
	for i := range b.Commands {
		w.tab.Command(now, b.Commands[i])
	}
	if read := w.chat.Stored().Read; read != w.publishedRead {
		w.publishedRead = read
		w.tab.Read(read)
	}
	for _, warning := range b.Warnings {
		log("warn", warning.Text())
	}
	w.publish(&b.Screen)
	w.host.emit(b.Emits...)
	for _, e := range b.Emits {
		if e.Name == "error" {
			log("error", "plura-chat: "+e.Detail[1].Value.(string))
		}
	}
	for _, s := range b.Settled {
		w.settleCall(s)
	}
	if b.Download {
		w.view.download(w.chat.TranscriptText(), now)
	}
	if b.SoundChoice != chat.NoChoice {
		w.tab.ChooseSound(b.SoundChoice == chat.Yes)
	}
	if b.SoundChoice == chat.Yes || b.Sound && w.tab.Alone() {
		chime()
	}
	if !holding {
		b.Screen.InTitle = 0 // only the tab that holds the connection shows it
	}
	if w.undrawn.Merge(&b); w.undrawn.Stale() {
		w.undrawn.Rows = nil
		w.chat.Redraw(now)
		redrawn := w.chat.Take(now)
		w.undrawn.Merge(&redrawn)
	}
}

// save stores the state.
func (w *widget) save() {
	w.unsaved = false
	if w.tab.Holding() {
		w.archive.Save(w.chat.Stored())
	} else {
		w.archive.SaveAsMirror(w.chat.Stored())
	}
}

// saveUnsaved stores the state if it has changes that are not stored.
func (w *widget) saveUnsaved() {
	if w.unsaved {
		w.save()
	}
}

// publish sets the properties of the host that the page's scripts can read at any time.
func (w *widget) publish(s *chat.Screen) {
	if !w.published || s.State != w.publishedState {
		w.host.v.Set("state", string(s.State))
	}
	if !w.published || s.Unread != w.publishedUnread {
		w.host.v.Set("unread", s.Unread)
	}
	w.published, w.publishedState, w.publishedUnread = true, s.State, s.Unread
}
