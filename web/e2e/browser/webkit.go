package browser

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// WebKit is a virtual screen. On it, each visit starts a WebKitWebDriver, which starts WebKitGTK's MiniBrowser.
type WebKit struct {
	driver, browser string // paths
	screen          *program
	display         string
}

// StartWebKit starts the virtual screen. It needs three programs: WebKitWebDriver, Xvfb and WebKitGTK's MiniBrowser.
// The environment variables WEBKIT_DRIVER, XVFB and MINIBROWSER name them; otherwise, StartWebKit takes the first of
// each that is found.
func StartWebKit() (*WebKit, error) {
	driver, err := find("WEBKIT_DRIVER", "WebKitWebDriver")
	if err != nil {
		return nil, err
	}
	xvfb, err := find("XVFB", "Xvfb")
	if err != nil {
		return nil, err
	}
	places := []string{"MiniBrowser"}
	for _, folder := range []string{"/usr/lib/*", "/usr/libexec"} {
		found, _ := filepath.Glob(folder + "/webkit2gtk-4.1/MiniBrowser") // the patterns are well-formed
		places = append(places, found...)
	}
	mini, err := find("MINIBROWSER", places...)
	if err != nil {
		return nil, err
	}
	w := &WebKit{driver: driver, browser: mini}
	command := exec.Command(xvfb, "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp")
	output, err := command.StdoutPipe()
	if err == nil {
		w.screen, err = start(command)
	}
	if err != nil {
		return nil, err
	}
	if w.display, err = heard(output, ""); err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", xvfb, err), w.Close())
	}
	return w, nil
}

// Close implements Browser. Programs that still use the screen end with it.
func (w *WebKit) Close() error {
	w.screen.end()
	return nil
}

// Visit implements Browser. Sometimes the driver and its browser do not find each other and wait forever. Then Visit
// tries again with new ones.
func (w *WebKit) Visit() (Visit, error) {
	const attempts = 3
	var failures error
	for range attempts {
		v, err := w.begin()
		if err == nil {
			return v, nil
		}
		failures = errors.Join(failures, fmt.Errorf("beginning a visit: %w", err))
	}
	return nil, failures
}

func (w *WebKit) begin() (*webkitVisit, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	command := exec.Command(w.driver, "-p", strconv.Itoa(port))
	command.Env = append(os.Environ(), "DISPLAY=:"+w.display, "GDK_BACKEND=x11", "LIBGL_ALWAYS_SOFTWARE=1")
	v := &webkitVisit{}
	if v.driver, err = start(command); err != nil {
		return nil, err
	}
	const limit = 20 * time.Second // it takes one second, or forever
	driver := webdriver{fmt.Sprintf("http://127.0.0.1:%d", port), limit}
	var session struct {
		ID string `json:"sessionId"`
	}
	if err = driver.ready(); err == nil {
		err = driver.call("POST", "/session", object{"capabilities": object{"alwaysMatch": object{
			"timeouts":                 object{"script": Patience.Milliseconds(), "pageLoad": Patience.Milliseconds()},
			"webkitgtk:browserOptions": object{"binary": w.browser, "args": []string{"--automation"}},
		}}}, &session)
	}
	if err != nil {
		v.driver.end()
		return nil, err
	}
	v.session = webdriver{driver.url + "/session/" + session.ID, Patience}
	return v, nil
}

// freePort returns a port that is free at the moment. The driver cannot choose a port itself.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("looking for a port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

type webkitVisit struct {
	driver  *program
	session webdriver

	mu      sync.Mutex // for the fields below, and for commands, which go to the current window
	current string
	tabs    int
}

func (v *webkitVisit) Tab() (Tab, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tabs++
	if v.tabs == 1 { // the session has one window from its beginning
		err := v.session.call("GET", "/window", nil, &v.current)
		return &webkitTab{v, v.current}, err
	}
	if err := v.turnToAny(); err != nil {
		return nil, err
	}
	var made struct {
		Handle string `json:"handle"`
	}
	if err := v.session.call("POST", "/window/new", object{"type": "window"}, &made); err != nil {
		return nil, fmt.Errorf("opening a tab: %w", err)
	}
	return &webkitTab{v, made.Handle}, nil
}

// turnToAny makes an open window the current one if the current one was closed. A command for the session needs one.
func (v *webkitVisit) turnToAny() error {
	if v.current != "" {
		return nil
	}
	var handles []string
	err := v.session.call("GET", "/window/handles", nil, &handles)
	if err == nil && len(handles) == 0 {
		err = errors.New("there is no window")
	}
	if err == nil {
		err = v.session.call("POST", "/window", object{"handle": handles[0]}, nil)
	}
	if err != nil {
		return fmt.Errorf("turning to a tab: %w", err)
	}
	v.current = handles[0]
	return nil
}

func (v *webkitVisit) Close() error {
	err := v.session.call("DELETE", "", nil, nil)
	v.driver.end()
	return err
}

type webkitTab struct {
	visit *webkitVisit
	id    string
}

// call sends a command for this tab.
func (w *webkitTab) call(method, path string, body object, result any) error {
	w.visit.mu.Lock()
	defer w.visit.mu.Unlock()
	if w.visit.current != w.id {
		if err := w.visit.session.call("POST", "/window", object{"handle": w.id}, nil); err != nil {
			return fmt.Errorf("turning to a tab: %w", err)
		}
		w.visit.current = w.id
	}
	return w.visit.session.call(method, path, body, result)
}

func (w *webkitTab) Open(url string) error {
	return w.call("POST", "/url", object{"url": url}, nil)
}

func (w *webkitTab) Reload() error {
	return w.call("POST", "/refresh", object{}, nil)
}

func (w *webkitTab) Click(x, y float64) error {
	return w.call("POST", "/actions", object{"actions": clicking(x, y)}, nil)
}

// Activate implements Tab. It does nothing: WebKit's windows get keys whether they are active or not.
func (w *webkitTab) Activate() (release func(), err error) { return func() {}, nil }

func (w *webkitTab) Type(keys string) error {
	return w.call("POST", "/actions", object{"actions": pressing(keys)}, nil)
}

// Resize implements Tab. WebKit's window has a least width, which the page has if a smaller one is wanted.
func (w *webkitTab) Resize(width, height int) error {
	is, err := w.sizes()
	if err != nil {
		return err
	}
	if is.Inner.Height == height && is.Inner.Width > width {
		// The window changes both at once: a new height shows that the width is the least one, and not the old one.
		if err := w.Resize(width, height+1); err != nil {
			return err
		}
	}
	// The driver sets the outer size of the window, and neither the window nor the page has the new size at once. How
	// much of the window is its frame shows once the window has the size asked for.
	asked := windowSize{width, height}
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); {
		rect := object{"width": asked.Width, "height": asked.Height}
		if err := w.call("POST", "/window/rect", rect, nil); err != nil {
			return err
		}
		if is, err = w.sizes(); err != nil {
			return err
		}
		if is.Outer.Height != asked.Height {
			continue // not yet
		}
		if is.Inner.Height == height && (is.Inner.Width == width || is.Outer.Width > asked.Width) {
			return nil
		}
		asked = windowSize{width + is.Outer.Width - is.Inner.Width, height + is.Outer.Height - is.Inner.Height}
	}
	return fmt.Errorf("the page is %d × %d after %s", is.Inner.Width, is.Inner.Height, Patience)
}

type windowSize struct{ Width, Height int }

// sizes returns the sizes that the page has a moment later.
func (w *webkitTab) sizes() (is struct{ Outer, Inner windowSize }, err error) {
	err = w.call("POST", "/execute/sync", object{"args": []any{}, "script": `
		return new Promise(done => setTimeout(done, 30)).then(() => ({
			Outer: {Width: outerWidth, Height: outerHeight}, Inner: {Width: innerWidth, Height: innerHeight}}))`}, &is)
	return is, err
}

func (w *webkitTab) Picture() ([]byte, error) {
	var data string
	if err := w.call("GET", "/screenshot", nil, &data); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(data)
}

// Print implements Tab. WebKit's driver has no command for it.
func (w *webkitTab) Print() ([]byte, error) { return nil, errors.ErrUnsupported }

func (w *webkitTab) Close() error {
	err := w.call("DELETE", "/window", nil, nil)
	w.visit.mu.Lock()
	defer w.visit.mu.Unlock()
	w.visit.current = ""
	return err
}

func (w *webkitTab) run(script string) (string, error) {
	var answer string
	script = "const done = arguments[arguments.length - 1]; " + script + ".then(done)"
	err := w.call("POST", "/execute/async", object{"script": script, "args": []any{}}, &answer)
	return answer, err
}
