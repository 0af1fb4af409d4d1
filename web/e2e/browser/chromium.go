package browser

import (
	"context"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Chromium is a running Chrome or Chromium.
type Chromium struct {
	ctx  context.Context
	quit func()
}

// FindChromium returns the path of Chromium: the one in the environment variable CHROME, or that of the first program
// that is found.
func FindChromium() (string, error) {
	return find("CHROME", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium")
}

// StartChromium starts the Chromium that FindChromium finds.
func StartChromium() (*Chromium, error) {
	path, err := FindChromium()
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox does not work for root
	}
	ctx, quit := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeBrowser := chromedp.NewContext(ctx)
	c := &Chromium{ctx: ctx, quit: func() { closeBrowser(); quit() }}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		c.quit()
		return nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return c, nil
}

// Close implements Browser.
func (c *Chromium) Close() error {
	c.quit()
	return nil
}

// Visit implements Browser.
func (c *Chromium) Visit() (Visit, error) {
	made, err := chromedp.CallBrowser(c.ctx, target.CreateBrowserContext, target.CreateBrowserContextParams{})
	if err != nil {
		return nil, fmt.Errorf("beginning a visit: %w", err)
	}
	return &chromiumVisit{c, made.BrowserContextID}, nil
}

// Profile returns the visit that uses the browser's own profile. Only there does Chromium cache compiled code: the
// visits that Visit returns are like private windows.
func (c *Chromium) Profile() Visit { return &chromiumVisit{browser: c} }

type chromiumVisit struct {
	browser *Chromium
	id      cdp.BrowserContextID // empty: the browser's own profile
}

func (v *chromiumVisit) Tab() (Tab, error) {
	var options []chromedp.ContextOption
	if v.id != "" {
		options = append(options, chromedp.WithExistingBrowserContext(v.id))
	}
	ctx, closeTab := chromedp.NewContext(v.browser.ctx, options...)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		closeTab()
		return nil, fmt.Errorf("opening a tab: %w", err)
	}
	return &ChromiumTab{ctx}, nil
}

func (v *chromiumVisit) Close() error {
	if v.id == "" {
		return nil // it ends with the browser
	}
	_, err := chromedp.CallBrowser(v.browser.ctx, target.DisposeBrowserContext,
		target.DisposeBrowserContextParams{BrowserContextID: v.id})
	return err
}

// ChromiumTab is a Tab that chromedp's functions can use too.
type ChromiumTab struct {
	// Context is the tab's context, for chromedp's functions.
	Context context.Context
}

// do runs steps. It fails if they take longer than Patience.
func (c *ChromiumTab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(c.Context, Patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// Open implements Tab.
func (c *ChromiumTab) Open(url string) error { return c.do(chromedp.Navigate(url)) }

// Reload implements Tab.
func (c *ChromiumTab) Reload() error { return c.do(chromedp.Reload()) }

// Click implements Tab.
func (c *ChromiumTab) Click(x, y float64) error {
	return c.do(chromedp.MouseEvent(chromedp.MouseMoved, x, y), chromedp.MouseClickXY(x, y))
}

// chromedpKeys replaces the keys of this package by those of chromedp.
var chromedpKeys = strings.NewReplacer(
	Backspace, kb.Backspace, TabKey, kb.Tab, Enter, kb.Enter, Escape, kb.Escape, End, kb.End, Home, kb.Home,
	Left, kb.ArrowLeft, Up, kb.ArrowUp, Right, kb.ArrowRight, Down, kb.ArrowDown,
)

// Activate implements Tab. Every tab behaves as the active one.
func (c *ChromiumTab) Activate() (release func(), err error) { return func() {}, nil }

// Type implements Tab. It does not use chromedp's KeyEvent, which sends the character even if the page has prevented
// the key's default action.
func (c *ChromiumTab) Type(keys string) error {
	for _, stroke := range strokes(keys) {
		modifiers := chromedp.ModifierNone
		for _, held := range stroke.modifiers {
			if held == Shift {
				modifiers |= chromedp.ModifierShift
			} else {
				modifiers |= chromedp.ModifierCtrl
			}
		}
		for _, event := range keyEvents(stroke.key, modifiers) {
			if _, err := chromedp.Call(c.Context, input.DispatchKeyEvent, *event); err != nil {
				return err
			}
		}
	}
	return nil
}

// keyEvents returns the events that press and release a key. The browser types the text of the first event, unless the
// page prevents that.
func keyEvents(key string, modifiers chromedp.Modifier) []*input.DispatchKeyEventParams {
	r, _ := utf8.DecodeRuneInString(chromedpKeys.Replace(key))
	events := kb.Encode(r)
	down, up := events[0], events[len(events)-1]
	if len(events) == 3 && modifiers&chromedp.ModifierCtrl == 0 {
		down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
	} else {
		down.Type = input.DispatchKeyEventTypeRawKeyDown
	}
	down.Modifiers |= int64(modifiers)
	up.Modifiers |= int64(modifiers)
	return []*input.DispatchKeyEventParams{down, up}
}

// Resize implements Tab.
func (c *ChromiumTab) Resize(width, height int) error {
	_, err := chromedp.Call(c.Context, emulation.SetDeviceMetricsOverride,
		emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: int64(height), DeviceScaleFactor: 1})
	return err
}

// Picture implements Tab.
func (c *ChromiumTab) Picture() ([]byte, error) {
	ctx, cancel := context.WithTimeout(c.Context, Patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.CaptureScreenshot())
}

// Print implements Tab.
func (c *ChromiumTab) Print() ([]byte, error) {
	ctx, cancel := context.WithTimeout(c.Context, Patience)
	defer cancel()
	printed, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{})
	if err != nil {
		return nil, err
	}
	return printed.Data, nil
}

// Close implements Tab.
func (c *ChromiumTab) Close() error { return chromedp.Cancel(c.Context) }

func (c *ChromiumTab) run(script string) (string, error) {
	ctx, cancel := context.WithTimeout(c.Context, Patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
}
