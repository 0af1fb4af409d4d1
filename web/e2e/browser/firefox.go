package browser

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
)

// Firefox is a running Firefox.
type Firefox struct {
	process *program
	profile string
	bidi    *bidi
	active  sync.Mutex // held while one window has to stay the active one
}

// StartFirefox starts Firefox without a screen and with a new profile: the one in the environment variable FIREFOX, or
// the first that is found.
func StartFirefox() (*Firefox, error) {
	path, err := find("FIREFOX", "firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "plura-chat-firefox-")
	if err != nil {
		return nil, fmt.Errorf("making a profile: %w", err)
	}
	f := &Firefox{profile: profile}
	command := exec.Command(path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0")
	stderr, err := command.StderrPipe()
	if err == nil {
		f.process, err = start(command)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	url, err := heard(stderr, "WebDriver BiDi listening on ")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", path, err), f.Close())
	}
	if f.bidi, err = dialBiDi(url + "/session"); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := f.bidi.call("session.new", object{"capabilities": object{}}, nil); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Close implements Browser.
func (f *Firefox) Close() error {
	if f.bidi != nil {
		f.bidi.close()
	}
	f.process.end()
	return os.RemoveAll(f.profile)
}

// Visit implements Browser.
func (f *Firefox) Visit() (Visit, error) {
	var made struct {
		UserContext string `json:"userContext"`
	}
	if err := f.bidi.call("browser.createUserContext", object{}, &made); err != nil {
		return nil, fmt.Errorf("beginning a visit: %w", err)
	}
	return &firefoxVisit{f, made.UserContext}, nil
}

type firefoxVisit struct {
	*Firefox
	id string
}

func (v *firefoxVisit) Tab() (Tab, error) {
	var made struct {
		Context string `json:"context"`
	}
	v.active.Lock() // a new window becomes the active one
	defer v.active.Unlock()
	if err := v.bidi.call("browsingContext.create", object{"type": "window", "userContext": v.id}, &made); err != nil {
		return nil, fmt.Errorf("opening a tab: %w", err)
	}
	return &firefoxTab{Firefox: v.Firefox, id: made.Context}, nil
}

func (v *firefoxVisit) Close() error {
	return v.bidi.call("browser.removeUserContext", object{"userContext": v.id}, nil)
}

type firefoxTab struct {
	*Firefox
	id    string
	holds bool // the tab's window stays the active one
}

func (f *firefoxTab) Open(url string) error {
	return f.bidi.call("browsingContext.navigate", object{"context": f.id, "url": url, "wait": "complete"}, nil)
}

func (f *firefoxTab) Reload() error {
	return f.bidi.call("browsingContext.reload", object{"context": f.id, "wait": "complete"}, nil)
}

func (f *firefoxTab) Click(x, y float64) error {
	return f.act(clicking(x, y))
}

func (f *firefoxTab) Type(keys string) error {
	return f.act(pressing(keys))
}

// Activate implements Tab.
func (f *firefoxTab) Activate() (release func(), err error) {
	if f.holds {
		return func() {}, nil
	}
	f.active.Lock()
	release = func() {
		f.holds = false
		f.active.Unlock()
	}
	f.holds = true
	if err := f.bidi.call("browsingContext.activate", object{"context": f.id}, nil); err != nil {
		release()
		return nil, fmt.Errorf("activating the window: %w", err)
	}
	return release, nil
}

// act performs actions in the tab's window while it is the active one. In all other windows, Firefox matches nothing
// with ":focus", and does not press a button for the Enter key.
func (f *firefoxTab) act(actions []object) error {
	release, err := f.Activate()
	if err != nil {
		return err
	}
	defer release()
	return f.bidi.call("input.performActions", object{"context": f.id, "actions": actions}, nil)
}

func (f *firefoxTab) Resize(width, height int) error {
	viewport := object{"width": width, "height": height}
	return f.bidi.call("browsingContext.setViewport", object{"context": f.id, "viewport": viewport}, nil)
}

func (f *firefoxTab) Picture() ([]byte, error) {
	var shot struct {
		Data string `json:"data"`
	}
	if err := f.bidi.call("browsingContext.captureScreenshot", object{"context": f.id}, &shot); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(shot.Data)
}

func (f *firefoxTab) Print() ([]byte, error) {
	var printed struct {
		Data []byte `json:"data"`
	}
	err := f.bidi.call("browsingContext.print", object{"context": f.id}, &printed)
	return printed.Data, err
}

func (f *firefoxTab) Close() error {
	return f.bidi.call("browsingContext.close", object{"context": f.id}, nil)
}

func (f *firefoxTab) run(script string) (string, error) {
	var answer struct {
		Result struct {
			Value string `json:"value"`
		} `json:"result"`
		Exception *struct {
			Text string `json:"text"`
		} `json:"exceptionDetails"`
	}
	err := f.bidi.call("script.evaluate", object{
		"expression": script, "awaitPromise": true, "target": object{"context": f.id},
	}, &answer)
	if err == nil && answer.Exception != nil {
		err = errors.New(answer.Exception.Text)
	}
	return answer.Result.Value, err
}
