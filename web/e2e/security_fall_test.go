package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/suite"
)

// frail is a script by which a test makes Go crash. After document.fall = "panic", the next insertion of a node into
// the chat throws, and Go panics. After document.fall = "trap", the next Reflect.get throws, and the exception leaves
// the WebAssembly without a Go panic.
const frail = `<script>
	const guard = (object, name, kind) => {
		const {[name]: own} = object;
		object[name] = function (...args) {
			if (document.fall == kind && (kind == "trap" || this.getRootNode?.() instanceof ShadowRoot)) {
				document.fall = "";
				throw new Error("forced " + kind);
			}
			return own.apply(this, args);
		};
	};
	guard(Node.prototype, "insertBefore", "panic");
	guard(Node.prototype, "appendChild", "panic");
	guard(Element.prototype, "append", "panic");
	guard(Reflect, "get", "trap");
	document.fallen = 0;
	addEventListener("plura-chat:error", event => document.fallen++);
	addEventListener("plura-chat:ready", event => document.begun = (document.begun ?? 0) + 1);
</script>`

// poor serves a build whose WebAssembly memory can grow by at most the given number of pages of 64 KiB.
func poor(t *testing.T, s *site, more uint64) {
	t.Helper()
	const memorySection = 5
	engine, start, loader := dist.Engine(), file(t, `^plura-chat-start-.*\.js$`), dist.Loader()
	data := engine.Data
	made := false
	for at := 8; at < len(data) && !made; {
		size, n := binary.Uvarint(data[at+1:])
		body := at + 1 + n
		end := body + int(size)
		if data[at] == memorySection {
			if data[body] != 1 || data[body+1] != 0 {
				t.Fatalf("the memory is % x", data[body:end])
			}
			least, _ := binary.Uvarint(data[body+2:])
			limits := binary.AppendUvarint(binary.AppendUvarint([]byte{1, 1}, least), least+more)
			changed := append(bytes.Clone(data[:at]), memorySection)
			changed = append(binary.AppendUvarint(changed, uint64(len(limits))), limits...)
			data, made = append(changed, data[end:]...), true
		}
		at = end
	}
	if !made {
		t.Fatal("the module has no memory")
	}
	short := func(data string) string {
		sum := sha256.Sum256([]byte(data))
		return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	}
	replace := func(text, old, fresh string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("the build does not hold %s", old)
		}
		return strings.ReplaceAll(text, old, fresh)
	}
	module := replace(string(start.Data), short(string(engine.Data)), short(string(data)))
	script := replace(string(loader.Data), short(string(start.Data)), short(module))
	for name, text := range map[string]string{engine.Name: string(data), start.Name: module, loader.Name: script} {
		typ := "text/javascript"
		if name == engine.Name {
			typ = "application/wasm"
		}
		s.header("/"+name, "Content-Type", typ)
		s.document("/"+name, text)
	}
}

// fall is a kind of crash of Go.
type fall struct {
	name      string
	make      string // a JavaScript expression that makes Go crash
	atMessage bool   // Go crashes only when the next message arrives
}

// memoryFall needs no message, and its report has a traceback.
var memoryFall = fall{name: "out of memory", make: `PluraChat.identify({phone: "+12025550123", x: "x".repeat(1e8)})` +
	`.then(() => { document.fallen = "not"; }, () => {})`}

// TestFallingWell checks that the conversation and the draft are kept when Go crashes. The widget restarts Go by itself
// after the first crash, and on the visitor's request after the second. The page's window.onerror gets no error.
func TestFallingWell(t *testing.T) {
	t.Parallel()
	for _, kind := range []fall{
		{name: "panic", make: `document.fall = "panic"`, atMessage: true},
		{name: "trap", make: `document.fall = "trap"`, atMessage: true},
		memoryFall,
	} {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{Replay: protocoltest.ReplayGreeting})
			poor(t, s, 32<<20>>16)
			s.allow("console.error: plura-chat: ") // the cause of the crash
			v := falling{tab: chromium.visitor(t).open(s.page("/", frail+s.tag(""))), site: s, fall: kind}
			v.begin()
			v.crash("While it fell")
			v.wait(`document.begun == 2`)
			v.checkWhole("after the first fall")
			if eval[bool](v.tab, visible(part("notice"))) {
				t.Error("it began anew by itself and shows a notice")
			}
			if kind == memoryFall {
				v.checkTraceback()
			}
			v.crash("While it fell again")
			v.retry()
			v.wait(`document.begun == 3`)
			v.checkWhole("after the second fall")
			v.sendDraft()
			v.settle()
			v.checkReports()
		})
	}
}

// falling is a visit during which Go crashes.
type falling struct {
	*tab
	site    *site
	fall    fall
	session string
	before  []message // the transcript before the first crash
}

// fallingDraft is what the composer has when Go crashes.
const fallingDraft = "Half a sen"

// begin has a conversation, and leaves a draft.
func (v *falling) begin() {
	v.t.Helper()
	v.launch()
	v.heard("How can I help")
	v.say("Before")
	v.heard("You said: Before")
	v.before = v.transcript()
	v.session = v.site.flow.Sessions()[0]
	v.press(fallingDraft)
}

// crash makes Go crash, by a message of that text if it needs one.
func (v *falling) crash(text string) {
	v.t.Helper()
	eval[any](v.tab, v.fall.make+`, 0`)
	if !v.fall.atMessage {
		return
	}
	if err := v.site.flow.Push(v.session, protocoltest.Reply{Text: text}); err != nil {
		v.t.Fatal(err)
	}
}

// checkWhole checks that nothing of the transcript and the draft is lost.
func (v *falling) checkWhole(when string) {
	v.t.Helper()
	v.online()
	v.wait(fmt.Sprintf(messages+`.length >= %d`, len(v.before)))
	got := v.transcript()
	for i, m := range v.before {
		if got[i] != m {
			v.t.Errorf("%s the transcript is\n%s, not\n%s", when, lines(got), lines(v.before))
			break
		}
	}
	if draft := eval[string](v.tab, part("input")+`.value`); draft != fallingDraft {
		v.t.Errorf("%s the draft is %q", when, draft)
	}
}

// checkTraceback checks that the report of the crash names a function of the widget.
func (v *falling) checkTraceback() {
	v.t.Helper()
	if !suite.Poll(patience, func() bool {
		return slices.ContainsFunc(v.site.said(), func(report string) bool {
			return strings.Contains(report, "plurachat/widget.")
		})
	}) {
		v.t.Errorf("no traceback names a function: %.3000q", v.site.said())
	}
}

// retry clicks the button by which the visitor starts Go again.
func (v *falling) retry() {
	v.t.Helper()
	v.wait(visible(part("retry")))
	if role := eval[string](v.tab, part("notice")+`.getAttribute("role")`); role != "alert" {
		v.t.Errorf("the notice's role is %q", role)
	}
	if state := eval[string](v.tab, `PluraChat.state`); state != "failed" {
		v.t.Errorf("the state is %s", state)
	}
	v.click(part("retry"))
}

// sendDraft completes the draft and sends it. The conversation still has its session.
func (v *falling) sendDraft() {
	v.t.Helper()
	v.click(part("input"))
	v.say("tence")
	v.said("Half a sentence")
	v.heard("You said: Half a sentence")
	if n := len(v.site.flow.Sessions()); n != 1 {
		v.t.Errorf("%d sessions, want 1", n)
	}
}

// checkReports checks that the page was told of an error, and that nothing of the visitor's is on the console.
func (v *falling) checkReports() {
	v.t.Helper()
	log := v.site.consoleErrors()
	for _, secret := range []string{"2025550123", fallingDraft, v.session} {
		if strings.Contains(log, secret) {
			v.t.Errorf("the console has what is the visitor's: %s", log)
		}
	}
	if !eval[bool](v.tab, `document.fallen >= 1`) {
		v.t.Error("the page was not told of an error")
	}
}

// TestHugeFrame checks that a frame of any size is not copied into Go's memory, and that the chat goes on.
func TestHugeFrame(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	poor(t, s, 32<<20>>16)
	tab := chromium.visitor(t).open(s.page("/", frail+s.tag("")))
	tab.launch()
	tab.heard("How can I help")
	for n, text := range []string{strings.Repeat("x", 64<<20), "After it"} {
		if err := s.flow.Push(s.flow.Sessions()[0], protocoltest.Reply{Text: text}); err != nil {
			t.Fatalf("push %d: %v", n, err)
		}
	}
	tab.heard("After it")
	tab.wait(dividers + `.some(text => text.includes("too large"))`)
	if begun := eval[int](tab, `document.begun`); begun != 1 {
		t.Errorf("Go was started %d times", begun)
	}
}

// TestEndWhileConnecting checks that a new widget works after others were destroyed while their sockets were being
// opened.
func TestEndWhileConnecting(t *testing.T) {
	t.Parallel()
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		s.flow.HangDials(true)
		tab := e.visitor(t).open(s.page("/", s.element("")))
		const again = `(() => { sessionStorage.clear(); const old = document.querySelector("plura-chat"), fresh = old.cloneNode(); fresh.removeAttribute("open"); PluraChat.destroy().catch(() => {}); document.body.append(fresh); })()`
		for range 3 {
			tab.wait(visible(part("launcher")))
			tab.click(part("launcher"))
			tab.wait(`PluraChat.state == "connecting"`)
			eval[any](tab, again)
		}
		s.flow.HangDials(false)
		converse(tab)
	})
}
