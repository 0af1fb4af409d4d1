package protocoltest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Preset is a named variant of the server. It differs from the zero Options in
// one point that the documentation leaves open.
type Preset struct {
	Name string
	Says string // what the server does, as the rest of a sentence that begins with "The server"
	// Set changes the options of a server to those of the preset.
	Set func(*Options)
}

// Presets returns all presets. The first one changes nothing.
//
//	for _, p := range protocoltest.Presets() {
//		t.Run(p.Name, func(t *testing.T) {
//			var o protocoltest.Options
//			p.Set(&o)
//			srv := protocoltest.NewServer(o)
//			…
func Presets() []Preset { return slices.Clone(presets) }

var presets = []Preset{
	{"by the book", "does what the documentation's examples show.", func(*Options) {}},
	{"numbers from one", "numbers its frames from 1, anew on each connection.",
		func(o *Options) { o.Manners.NumberedIDs = true }},
	{"normalises", "stores texts with white space and accents normalised.",
		func(o *Options) { o.Manners.Store = Normalise }},
	{"stores escapes", "stores texts as HTML: & comes back as &amp;.",
		func(o *Options) { o.Manners.Store = Escape }},
	{"answers first", "sends the recv of a message after its answers.",
		func(o *Options) { o.Manners.AnswersFirst = true }},
	{"never acknowledges", "sends no recv at all, but answers.",
		func(o *Options) { o.Manners.Recv = RecvNever }},
	{"acknowledges everything", "sends a recv for typing and heartbeats too.",
		func(o *Options) { o.Manners.Recv = RecvAll }},
	{"recv without content", "sends recvs that do not say which message they are for.",
		func(o *Options) { o.Manners.Recv = RecvNoContent }},
	{"doubles recv", "sends each recv twice.",
		func(o *Options) { o.Manners.Recv = RecvTwice }},
	{"slow recv", "sends the recv of a message 25 s after it, and its answers before.",
		func(o *Options) { o.Manners.AnswersFirst, o.Delays.Recv = true, 25*time.Second }},
	{"terse resume", "sends a resumed connection the session and the chat owner, and nothing that was said.",
		func(o *Options) { o.Replay, o.ReplayFor = ReplayOwner, nil }},
	{"greets again", "sends a resumed connection the greeting again, with a new id.",
		func(o *Options) { o.Replay, o.ReplayFor = ReplayGreeting, nil }},
	{"whole history with new ids", "sends a resumed connection all that was said, with new ids.",
		func(o *Options) { o.Replay, o.ReplayFor = ReplayAllNewIDs, nil }},
	{"blank", "sends messages and recvs without text among the others.",
		func(o *Options) { o.Manners.Blanks = true }},
	{"errors", "sends error frames over the socket.",
		func(o *Options) { o.Manners.Errors = true }},
	{"byte order mark", "puts a byte order mark in front of each frame.",
		func(o *Options) { o.Manners.ByteOrderMark = true }},
	{"deflate", "compresses what it sends (permessage-deflate).",
		func(o *Options) { o.Manners.Deflate = true }},
	{"fragments", "sends each message in three WebSocket frames, with pings between them.",
		func(o *Options) { o.Manners.Fragments = 3 }},
	{"one byte a second", "sends one byte a second.",
		func(o *Options) { o.Manners.Drip = time.Second }},
	{"idle close 10 s", "closes a connection on which the client has been silent for 10 s.",
		func(o *Options) { o.Manners.CloseIdle = 10 * time.Second }},
	{closeCode + " N", "closes each connection after 20 s with that code (1011 where N is no number).", closing(1011)},
	{"strict heartbeat", "ends a connection on which three heartbeats in a row have failed to come.",
		func(o *Options) { o.HeartbeatTimeout = threeHeartbeats }},
}

// threeHeartbeats is how long three heartbeats take.
const threeHeartbeats = 45 * time.Second

const closeCode = "close code"

// closing returns the Set function of a preset that closes each connection with a
// code.
func closing(code int) func(*Options) {
	return func(o *Options) { o.Manners.CloseAfter, o.Manners.CloseCode = 20*time.Second, code }
}

// FindPreset returns the preset with a name, and whether there is one. It ignores
// letter case. "close code 4000" is the preset "close code N" with the code 4000.
func FindPreset(name string) (Preset, bool) {
	name = strings.Join(strings.Fields(strings.ToLower(name)), " ")
	if n, ok := strings.CutPrefix(name, closeCode+" "); ok {
		if code, err := strconv.Atoi(n); err == nil && code >= 1000 && code < 5000 {
			return Preset{name, fmt.Sprintf("closes each connection after 20 s with %d.", code), closing(code)}, true
		}
	}
	i := slices.IndexFunc(presets, func(p Preset) bool { return strings.EqualFold(p.Name, name) })
	if i < 0 {
		return Preset{}, false
	}
	return presets[i], true
}

// Use makes the server behave as the preset from now on. It applies the preset to
// the options with which the server was made. Therefore it undoes earlier calls of
// Use, SetManners, SetReplay, SetUnknown and SetDelays.
func (s *Server) Use(p Preset) {
	o := s.opts
	p.Set(&o)
	s.manners.Store(&o.Manners)
	s.set(func() {
		s.replay, s.replayFor, s.unknown = o.Replay, o.ReplayFor, o.Unknown
		s.delays, s.heartbeatTimeout = o.Delays, o.HeartbeatTimeout
	})
}

// SetManners changes the server's manners.
func (s *Server) SetManners(m Manners) { s.manners.Store(&m) }
