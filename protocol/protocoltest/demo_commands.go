package protocoltest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// command is a message that begins with a slash and puts the widget into some
// state.
type command struct {
	usage string // the name, and an example of its argument
	help  string
	run   func(d *demo, x *Exchange, arg string) []Reply
}

// commands is set by init: /help uses it and is one of its elements, which an
// initialiser does not allow.
var commands []command

func init() {
	commands = []command{
		{"/help", "this list", (*demo).help},
		{"/markdown", "everything that is rendered, and what is not", say(markdownSample)},
		{"/long", "an answer longer than the panel", say(longSample)},
		{"/burst 200", "so many messages at once", (*demo).burst},
		{"/hostile", "a dozen frames that mean no good", (*demo).hostile},
		{"/numbers", "numbers and nulls where strings belong", (*demo).numbers},
		{"/big", "a frame of more than 1 MiB", (*demo).big},
		{"/binary", "a binary frame", raw(true, "\x00\x01\x02\xff")},
		{"/raw {…}", "that frame, as it is", (*demo).raw},
		{"/rtl", "a message from right to left",
			say("مرحبا! يمكنني أن أساعدك في **تقدير التكلفة** أو أضرار العواصف. שלום גם לך.")},
		{"/person", "a colleague takes over", (*demo).person},
		{"/ai", "Maya takes back", (*demo).ai},
		{"/later 10s", "a message after that time: close the panel meanwhile", (*demo).later},
		{"/wait 40s", "the answer takes that long", (*demo).wait},
		{"/slow 3s", "each recv and answer takes that long; /slow 0s ends it", (*demo).slow},
		{"/norecv 1", "so many of your next messages get no recv", (*demo).noRecv},
		{"/silent", "the connection reads on but never answers again", (*demo).silent},
		{"/dead", "the connection swallows everything, as in a tunnel", (*demo).dead},
		{"/drop", "the connection breaks", (*demo).drop},
		{"/cut", "the connection breaks in mid frame", (*demo).cut},
		{"/kick 4001", "the server closes with that code", (*demo).kick},
		{"/down 10s", "the server is down for that long", (*demo).down},
		{"/hang 10s", "the connection breaks, and handshakes hang for that long", (*demo).hang},
		{"/refuse 3", "the connection breaks, and so many handshakes are refused", (*demo).refuse},
		{"/forget new", "the connection breaks and the session is forgotten: new, refuse or close", (*demo).forget},
		{"/replay all", "the connection breaks; what a resume repeats: none, greeting, all, new (ids), or a number",
			(*demo).replay},
		{"/server normalises", "a server of other manners; /server alone lists them", (*demo).server},
		{"/fail 429", "the next session initialisation fails with that status", (*demo).fail},
		{"/end", "the flow ends", func(*demo, *Exchange, string) []Reply { return []Reply{{Text: "Flow has ended"}} }},
	}
}

func (c command) name() string { return strings.Fields(c.usage)[0] }

// command executes a message that begins with a slash, and returns the replies.
func (d *demo) command(x *Exchange, text string) []Reply {
	name, arg, _ := strings.Cut(text, " ")
	i := slices.IndexFunc(commands, func(c command) bool { return strings.EqualFold(c.name(), name) })
	if i < 0 {
		return []Reply{d.speak(false, "I don't know `"+name+"`. Say `/help` for what there is.")}
	}
	replies := commands[i].run(d, x, strings.TrimSpace(arg))
	for i := range replies {
		if replies[i].Text != "" && replies[i].Name == "" {
			replies[i].Name, replies[i].Picture = mayaName, mayaPicture()
		}
	}
	return replies
}

func (d *demo) help(*Exchange, string) []Reply {
	var b strings.Builder
	b.WriteString("**What I can do to your widget**\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "\n- `%s`: %s", c.usage, c.help)
	}
	return []Reply{{Text: b.String()}}
}

// say returns the function of a command that replies with a text.
func say(text string) func(*demo, *Exchange, string) []Reply {
	return func(*demo, *Exchange, string) []Reply { return []Reply{{Text: text}} }
}

// raw returns the function of a command that sends frames without changes.
func raw(binary bool, frames ...string) func(*demo, *Exchange, string) []Reply {
	return func(*demo, *Exchange, string) []Reply {
		var replies []Reply
		for _, f := range frames {
			replies = append(replies, Reply{Raw: []byte(f), Binary: binary})
		}
		return append(replies, Reply{Text: "Sent. Still there?", Delay: 300 * time.Millisecond})
	}
}

// doing returns replies that say what will happen and then call do, after a
// pause for reading.
func (d *demo) doing(text string, do func()) []Reply {
	r := Reply{Then: do}
	if !d.hurry {
		r.Delay = 800 * time.Millisecond
	}
	return []Reply{{Text: text}, r}
}

// duration parses an argument such as 10s or 10. It returns otherwise if arg is
// not a duration between 0 and an hour.
func duration(arg string, otherwise time.Duration) time.Duration {
	if n, err := strconv.Atoi(arg); err == nil {
		arg = strconv.Itoa(n) + "s"
	}
	t, err := time.ParseDuration(arg)
	if err != nil || t < 0 || t > time.Hour {
		return otherwise
	}
	return t
}

// number parses an argument that is a number, and returns at most most. It
// returns otherwise if arg is not a number from 0 on.
func number(arg string, otherwise, most int) int {
	n, err := strconv.Atoi(arg)
	if err != nil || n < 0 {
		return otherwise
	}
	return min(n, most)
}

func (d *demo) burst(_ *Exchange, arg string) []Reply {
	n := number(arg, 200, 5000)
	replies := make([]Reply, n)
	for i := range replies {
		replies[i].Text = fmt.Sprintf("Message %d of %d.", i+1, n)
	}
	return replies
}

func (d *demo) raw(_ *Exchange, arg string) []Reply { return []Reply{{Raw: []byte(arg)}} }

func (d *demo) person(x *Exchange, _ string) []Reply {
	d.with(x.Session, func(v *visit) { v.person = true })
	return []Reply{
		{Text: "I'm bringing in Daniel."},
		d.speak(true, "Hi, Daniel here, from the estimating desk. I've read what you wrote so far."),
		d.speak(true, "What's going on with the roof?"),
	}
}

func (d *demo) ai(x *Exchange, _ string) []Reply {
	d.with(x.Session, func(v *visit) { v.person = false })
	return []Reply{{Text: "Maya again. Where were we?"}}
}

func (d *demo) later(x *Exchange, arg string) []Reply {
	t := duration(arg, 10*time.Second)
	_ = x.Server.Push(x.Session, Reply{
		Text: "Here is the message that you asked for.", Name: mayaName, Picture: mayaPicture(), Delay: t,
	})
	return []Reply{{Text: fmt.Sprintf("In %v, then.", t)}}
}

func (d *demo) wait(_ *Exchange, arg string) []Reply {
	return []Reply{{Text: "Thanks for waiting.", Delay: duration(arg, 40*time.Second)}}
}

func (d *demo) slow(x *Exchange, arg string) []Reply {
	t := duration(arg, 3*time.Second)
	x.Server.SetDelays(Delays{Recv: t, Answer: t})
	return []Reply{{Text: fmt.Sprintf("From now on a recv takes %v, and an answer as long again.", t)}}
}

func (d *demo) noRecv(x *Exchange, arg string) []Reply {
	n := number(arg, 1, 1000)
	d.with(x.Session, func(v *visit) { v.noRecv = n })
	return []Reply{{Text: fmt.Sprintf("Your next messages (%d) get no recv.", n)}}
}

func (d *demo) silent(x *Exchange, _ string) []Reply {
	return d.doing("I read on, but you won't hear from me on this connection.", x.Conn.Mute)
}

func (d *demo) dead(x *Exchange, _ string) []Reply {
	return d.doing("Into the tunnel.", x.Conn.Swallow)
}

func (d *demo) drop(x *Exchange, _ string) []Reply {
	return d.doing("Dropping the connection.", x.Conn.Drop)
}

func (d *demo) cut(x *Exchange, _ string) []Reply {
	return d.doing("Breaking off in mid fr", x.Conn.Cut)
}

func (d *demo) kick(x *Exchange, arg string) []Reply {
	code := number(arg, 4001, 4999)
	return d.doing(fmt.Sprintf("Closing with %d.", code), func() { x.Conn.Kick(code, "by request") })
}

func (d *demo) down(x *Exchange, arg string) []Reply {
	t := duration(arg, 10*time.Second)
	return d.doing(fmt.Sprintf("Down for %v. Write on: nothing gets lost.", t), func() { x.Server.Down(t) })
}

func (d *demo) hang(x *Exchange, arg string) []Reply {
	t := duration(arg, 10*time.Second)
	return d.doing(fmt.Sprintf("Handshakes hang for %v.", t), func() {
		x.Server.HangDials(true)
		time.AfterFunc(t, func() { x.Server.HangDials(false) })
		x.Conn.Drop()
	})
}

func (d *demo) refuse(x *Exchange, arg string) []Reply {
	n := number(arg, 3, 100)
	return d.doing(fmt.Sprintf("Refusing the next handshakes (%d).", n), func() {
		x.Server.RefuseDials(n, Failure{Status: 503})
		x.Conn.Drop()
	})
}

func (d *demo) forget(x *Exchange, arg string) []Reply {
	policy := map[string]Unknown{"refuse": UnknownRefuse, "close": UnknownClose}[arg]
	return d.doing("I have no memory of this place.", func() {
		x.Server.SetUnknown(policy)
		x.Server.Forget(x.Session)
		x.Conn.Drop()
	})
}

func (d *demo) replay(x *Exchange, arg string) []Reply {
	r, ok := map[string]Replay{
		"none": ReplayNone, "greeting": ReplayGreeting, "all": ReplayAll, "new": ReplayAllNewIDs,
	}[arg]
	if !ok {
		r = ReplayLast(number(arg, 3, 1000))
	}
	return d.doing("Reconnect, please.", func() {
		x.Server.SetReplay(r)
		x.Conn.Drop()
	})
}

func (d *demo) server(x *Exchange, name string) []Reply {
	if name == "" {
		var b strings.Builder
		b.WriteString("**Servers that there may be**\n")
		for _, p := range presets {
			fmt.Fprintf(&b, "\n- `/server %s`: %s", p.Name, p.Says)
		}
		return []Reply{{Text: b.String()}}
	}
	p, ok := FindPreset(name)
	if !ok {
		return []Reply{{Text: "I don't know a server `" + name + "`. Say `/server` for those that there are."}}
	}
	return d.doing("From now on, and anew from the next connection, this server "+p.Says, func() { x.Server.Use(p) })
}

func (d *demo) fail(x *Exchange, arg string) []Reply {
	status := max(400, number(arg, 429, 599))
	x.Server.FailInits(1, Failure{Status: status, RetryAfter: "3"})
	return []Reply{{Text: fmt.Sprintf("The next session initialisation fails with %d.", status)}}
}
