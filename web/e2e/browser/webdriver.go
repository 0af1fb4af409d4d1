package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// webdriver is the URL of a driver, or of a session of the driver, that speaks classic WebDriver
// (https://w3c.github.io/webdriver/).
type webdriver struct {
	url   string
	limit time.Duration // for one command
}

// call sends a command and decodes its result into result, which may be nil.
func (w webdriver) call(method, path string, body object, result any) error {
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), w.limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, w.url+path, bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer response.Body.Close()
	var answer struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s %s: status %d: %w", method, path, response.StatusCode, err)
	}
	if response.StatusCode != http.StatusOK {
		var failure struct{ Error, Message string }
		_ = json.Unmarshal(answer.Value, &failure) // if this fails, the error has no message
		return fmt.Errorf("%s %s: %s: %s", method, path, failure.Error, failure.Message)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, result)
}

// ready returns once the driver answers.
func (w webdriver) ready() error {
	const interval = 50 * time.Millisecond
	deadline := time.Now().Add(w.limit)
	for time.Now().Before(deadline) {
		if err := w.call("GET", "/status", nil, nil); err == nil {
			return nil
		}
		time.Sleep(interval) // between two requests
	}
	return errors.New("the driver does not answer")
}
