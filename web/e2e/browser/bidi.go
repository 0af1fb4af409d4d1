package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// bidi is a connection that speaks WebDriver BiDi (https://w3c.github.io/webdriver-bidi/). It sends commands and finds
// their answers by number. It subscribes to no events.
type bidi struct {
	socket *websocket.Conn

	mu      sync.Mutex
	last    int
	waiting map[int]chan bidiAnswer
	broken  error
}

type bidiAnswer struct {
	ID      *int            `json:"id"`
	Result  json.RawMessage `json:"result"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
}

func dialBiDi(url string) (*bidi, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	socket, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		return nil, fmt.Errorf("dialling %s: %w", url, err)
	}
	socket.SetReadLimit(-1) // pictures exceed the default limit
	b := &bidi{socket: socket, waiting: map[int]chan bidiAnswer{}}
	go b.read()
	return b, nil
}

func (b *bidi) read() {
	for {
		_, data, err := b.socket.Read(context.Background())
		var answer bidiAnswer
		if err == nil {
			err = json.Unmarshal(data, &answer)
		}
		b.mu.Lock()
		if err != nil {
			b.broken = err
			for _, waiting := range b.waiting {
				close(waiting)
			}
			clear(b.waiting)
			b.mu.Unlock()
			return
		}
		if answer.ID != nil {
			if waiting := b.waiting[*answer.ID]; waiting != nil {
				waiting <- answer
				delete(b.waiting, *answer.ID)
			}
		}
		b.mu.Unlock()
	}
}

// object is a JSON object in a command.
type object = map[string]any

// call sends a command and decodes its result into result, which may be nil.
func (b *bidi) call(method string, params object, result any) error {
	b.mu.Lock()
	if b.broken != nil {
		b.mu.Unlock()
		return fmt.Errorf("%s: %w", method, b.broken)
	}
	b.last++
	id, waiting := b.last, make(chan bidiAnswer, 1)
	b.waiting[id] = waiting
	b.mu.Unlock()

	command, err := json.Marshal(object{"id": id, "method": method, "params": params})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	if err := b.socket.Write(ctx, websocket.MessageText, command); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case answer, ok := <-waiting:
		if !ok {
			return fmt.Errorf("%s: the browser hung up", method)
		}
		if answer.Error != "" {
			return fmt.Errorf("%s: %s: %s", method, answer.Error, answer.Message)
		}
		if result != nil {
			return json.Unmarshal(answer.Result, result)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: no answer in %s", method, Patience.Round(time.Second))
	}
}

func (b *bidi) close() { _ = b.socket.CloseNow() }
