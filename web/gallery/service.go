package gallery

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"plurachat/protocol"
	"plurachat/protocol/protocoltest"
	"plurachat/widget/chat"
)

// service is the server that one frame talks to.
type service struct {
	number int
	state  *state
	talk   *talk
	*protocoltest.Server
}

// keptServices is the maximum number of running services. It limits how many frames work at once on all open pages.
const keptServices = 400

// open starts a service for a frame. If there are too many, it stops the oldest one.
func (g *Gallery) open(state *state, t *talk) *service {
	var options protocoltest.Options
	if state.Server != nil {
		options = state.Server(t)
	}
	options.LogSize = -1
	options.Flow.Owner, options.Flow.Picture = company, companyPicture()
	options.Flow.Name = assistant
	if options.Flow.Greet == nil {
		options.Flow.Greet = func(map[string]any) protocoltest.Reply { return t.greeting() }
	}
	s := &service{state: state, talk: t, Server: protocoltest.New(options)}
	if state.Prepare != nil {
		state.Prepare(s.Server)
	}
	var old *service
	g.mu.Lock()
	g.made++
	s.number = g.made
	g.services = append(g.services, s)
	if len(g.services) > keptServices {
		old, g.services = g.services[0], g.services[1:]
	}
	g.mu.Unlock()
	if old != nil {
		old.Close()
	}
	return s
}

// serveService passes a frame's request to its service. A POST to …/later makes the service send the state's Later
// message on each open connection.
func (g *Gallery) serveService(w http.ResponseWriter, r *http.Request, rest string) {
	number, path, _ := strings.Cut(rest, "/")
	g.mu.Lock()
	i := slices.IndexFunc(g.services, func(s *service) bool { return strconv.Itoa(s.number) == number })
	var s *service
	if i >= 0 {
		s = g.services[i]
	}
	g.mu.Unlock()
	switch {
	case s == nil, path == "later" && s.state.Later == nil:
		http.NotFound(w, r)
	case path == "later" && r.Method == http.MethodPost:
		for _, c := range s.Conns() {
			if err := s.Push(c.Session(), s.state.Later(s.talk)); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		w.WriteHeader(http.StatusNoContent)
	default:
		http.StripPrefix("/gallery/service/"+number, s.Handler()).ServeHTTP(w, r)
	}
}

// seed returns the stored conversation and draft that the frame's script puts into the storage before the widget starts,
// by their keys. The service accepts the session. There are none if the state has no seed.
func (s *service) seed(flow string) (chat.Memory, error) {
	seed := chat.Memory{}
	if s.state.Seed == nil {
		return seed, nil
	}
	session, instance, err := s.initialise(flow)
	if err != nil {
		return nil, err
	}
	lines := s.state.Seed(s.talk)
	stored := chat.Stored{At: seedTime, Draft: s.state.Draft}
	talk := &stored.Conversation
	talk.Session, talk.Flow = protocol.SessionID(session), instance
	talk.Owner = protocol.Owner{Name: company, Picture: companyPicture()}
	for i, l := range lines {
		entry := protocol.Entry{
			Key: fmt.Sprintf("line-%d", i), Kind: l.Kind, State: l.State, Name: l.Name, Picture: l.Picture,
			Text: l.Text, Reason: l.Reason,
		}
		if l.Ago > 0 {
			entry.At = seedTime.Add(-time.Duration(l.Ago * float64(time.Minute)))
		}
		if l.Kind == protocol.Agent && !l.Unread {
			stored.Read = entry.Key
		}
		talk.Entries = append(talk.Entries, entry)
	}
	talk.Opening = talk.Entries[0]
	if !(&chat.Archive{Store: seed, Flow: flow}).Save(&stored) {
		return nil, errors.New("the seed is not stored")
	}
	return seed, nil
}

// seedTime stands for the current time in a seed. The frame's script replaces it by the time of its own clock, which
// depends on the browser's time zone. The script recognises times by their size: no other number of a seed is as large.
var seedTime = time.UnixMilli(1e12)

// initialise initialises a session on the service, and returns its id and that of its flow instance.
func (s *service) initialise(flow string) (session, instance string, err error) {
	body := fmt.Sprintf(`{"record": {"phone": "+15550142000"}, "flow_id": %q}`, flow)
	r, err := http.NewRequest(http.MethodPost, "/webchat/session", strings.NewReader(body))
	if err != nil {
		return "", "", err
	}
	r.Header.Set("Content-Type", "application/json")
	w := &answer{header: http.Header{}}
	s.Handler().ServeHTTP(w, r)
	var made struct {
		Session  string `json:"session"`
		Instance string `json:"flow_id"`
	}
	if err := json.Unmarshal(w.Bytes(), &made); err != nil {
		return "", "", fmt.Errorf("initialising a session for state %s: %w", s.state.Name, err)
	}
	if made.Session == "" {
		return "", "", errors.New("initialising a session for state " + s.state.Name + ": " + w.String())
	}
	return made.Session, made.Instance, nil
}

// answer is an http.ResponseWriter that keeps the body.
type answer struct {
	header http.Header
	bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }
func (a *answer) WriteHeader(int)     {}
