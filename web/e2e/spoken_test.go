package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

var updateSpoken = flag.Bool("spoken", false, "write testdata/spoken.*.txt anew")

// readOut is a script that records what is added to live regions, in order. It defines no global.
const readOut = `<script>{
	document.readOut = [];
	const seen = new WeakSet();
	setInterval(() => {
		const root = document.querySelector("plura-chat")?.shadowRoot;
		for (const region of root?.querySelectorAll("[aria-live=polite], [role=status], [role=alert]") ?? []) {
			if (!seen.has(region)) {
				seen.add(region);
				region.role == "alert" && document.readOut.push(region.textContent);
				new MutationObserver(records => records.forEach(({ addedNodes }) => addedNodes.forEach(node =>
					node.textContent && document.readOut.push(node.textContent)))).observe(region, { childList: true });
			}
		}
	}, 10);
}</script>`

// clock matches the time of day as the tests' languages write it.
var clock = regexp.MustCompile(`[0-9٠-٩]{1,2}:[0-9٠-٩]{2}([\s\x{202f}](AM|PM|ص|م))?`)

// regions is an expression for the announcers.
const regions = `[...` + root + `.querySelectorAll("[aria-live=polite]")]`

// speaker writes down a journey as a screen reader speaks it.
type speaker struct {
	*tab
	words map[string]string
	out   strings.Builder
}

// read writes what a reader finds in the page: the role and name of each node, indented as the nodes are nested.
func (s *speaker) read(when string) {
	s.t.Helper()
	s.heard()
	// What was read out is told above. The regions are emptied after a while, which the test does not wait for.
	eval[any](s.tab, regions+`.forEach(region => region.setAttribute("aria-hidden", "true"))`)
	defer eval[any](s.tab, regions+`.forEach(region => region.removeAttribute("aria-hidden"))`)
	tree, err := chromedp.Call(s.chromedp(), accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		s.t.Fatal(err)
	}
	nodes := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range tree.Nodes {
		nodes[n.NodeID] = n
	}
	fmt.Fprintf(&s.out, "\n== %s\n", when)
	s.node(nodes, tree.Nodes[0], 0)
}

// silent are roles of nodes that a reader passes over; their children count.
var silent = map[string]bool{"": true, "none": true, "generic": true, "RootWebArea": true, "InlineTextBox": true, "GenericContainer": true, "presentation": true, "ListMarker": true}

func (s *speaker) node(nodes map[accessibility.NodeID]*accessibility.Node, n *accessibility.Node, depth int) {
	role, name := text(n.Role), text(n.Name)
	if !n.Ignored && !silent[role] && (role != "StaticText" || strings.TrimSpace(name) != "") {
		line := role
		if role == "StaticText" {
			line = "“" + name + "”"
		} else if name != "" {
			line += " “" + name + "”"
		}
		for _, p := range n.Properties {
			switch p.Name {
			case "expanded", "checked", "modal", "invalid", "disabled", "level", "hasPopup", "required":
				if v := text(p.Value); v != "false" && v != "" {
					line += ", " + string(p.Name) + " " + v
				}
			}
		}
		if d := text(n.Description); d != "" {
			line += ", described by “" + d + "”"
		}
		s.out.WriteString(strings.Repeat("  ", depth) + clock.ReplaceAllString(strings.ReplaceAll(line, "\n", " / "), "9:41") + "\n")
		depth++
		if role == "StaticText" || role == "button" || role == "menuitem" || role == "menuitemcheckbox" {
			return
		}
	}
	for _, id := range n.ChildIDs {
		if child := nodes[id]; child != nil {
			s.node(nodes, child, depth)
		}
	}
}

// text returns the text of a value of the tree.
func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var value any
	if json.Unmarshal(v.Value, &value) != nil || value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// heard writes what was read out since the last call.
func (s *speaker) heard() {
	s.t.Helper()
	for _, line := range eval[[]string](s.tab, `document.readOut.splice(0)`) {
		if line == s.words["connecting"] {
			continue // a quick connection is not told
		}
		s.out.WriteString("  says: " + clock.ReplaceAllString(strings.ReplaceAll(line, "\n", " / "), "9:41") + "\n")
	}
}

// until writes what is read out until a text is.
func (s *speaker) until(words string) {
	s.t.Helper()
	s.wait(fmt.Sprintf(`document.readOut.some(line => line.includes(%q))`, words))
	s.heard()
}

// does writes what the visitor does.
func (s *speaker) does(what string) { s.out.WriteString("\n-- " + what + "\n") }

// spoken is a message with everything that is read out in another way than it is written.
const spoken = "## Next steps\n\n> Three years at most\n\nSee [our guide](https://guide.example/a):\n\n1. Call **Ada** at 202-555-0123\n2. Run this\n\n```\nmake roof\n```"

// TestSpokenJourney compares everything that a screen reader finds and reads out, from the closed page to the deleted
// conversation, with a text beside the tests. A change of that text is a change of the interface: read it as prose
// before it is committed. "go test -run TestSpokenJourney -spoken" writes it anew.
func TestSpokenJourney(t *testing.T) {
	for _, lang := range []string{"en", "ar"} {
		t.Run(lang, func(t *testing.T) {
			s := newSite(t, protocoltest.Options{Flow: protocoltest.Flow{
				Owner: "Ridgeline Roofing", Name: "Maya",
				Answer: func(x *protocoltest.Exchange) []protocoltest.Reply {
					if x.Turn > 1 {
						return []protocoltest.Reply{{Text: "Yes."}}
					}
					return nil
				},
			}})
			page := s.document("/", fmt.Sprintf(`<!doctype html><html lang=%s><title>Roofs</title><link rel=icon href=data:,>%s<h1>Roofs</h1>%s`, lang, readOut, s.tag("")))
			data, err := os.ReadFile(filepath.Join("..", "..", "widget", "words", lang+".json"))
			if err != nil {
				t.Fatal(err)
			}
			journey := &speaker{tab: chromium.visitor(t).open(page)}
			if err := json.Unmarshal(data, &journey.words); err != nil {
				t.Fatal(err)
			}
			journey.conversation(s)
			file := filepath.Join("testdata", "spoken."+lang+".txt")
			got := journey.out.String()
			if *updateSpoken {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the journey is spoken otherwise than %s has it:\n%s", file, differing(string(want), got))
			}
		})
	}
}

// conversation is the journey.
func (s *speaker) conversation(site *site) {
	s.t.Helper()
	s.wait(visible(part("launcher")))
	s.wait(fmt.Sprintf(part("launcher")+`.getAttribute("aria-label") == %q`, s.words["open"]))
	s.read("the page, with the chat closed")
	s.does("opens the chat")
	s.launch()
	s.until(greeting)
	s.read("the chat, with the greeting")

	s.does("writes a message, and waits for the answer")
	s.say("How long does it last?")
	s.said("How long does it last?")
	s.until(strings.ReplaceAll(s.words["typing"], "{name}", "Ridgeline Roofing"))
	site.push(s.t, spoken)
	s.until("make roof")
	s.read("the answer")

	s.does("writes too much")
	eval[any](s.tab, fmt.Sprintf(`(i => { i.value = "x".repeat(%d); i.dispatchEvent(new Event("input", {bubbles: true})); })(%s)`, 4001, part("input")))
	s.wait(`document.readOut.length > 0`)
	s.heard()
	eval[any](s.tab, fmt.Sprintf(`(i => { i.value = ""; i.dispatchEvent(new Event("input", {bubbles: true})); })(%s)`, part("input")))

	s.does("loses the connection, and writes meanwhile")
	site.flow.HangDials(true)
	site.flow.DropAll()
	s.wait(part("status") + `.textContent != ""`)
	s.say("Still there?")
	s.until(s.words["sendLater"])
	site.flow.HangDials(false)
	s.online()
	s.until("Yes.")

	s.does("opens the menu")
	s.click(part("menu-button"))
	s.wait(visible(part("menu")))
	s.read("the menu")
	s.does("wants to delete the conversation")
	s.click(root + `.querySelector("[data-do=ask-end]")`)
	s.wait(root + `.querySelector("[role=alertdialog]")`)
	s.read("the question")
	s.does("deletes it")
	s.press(browser.Shift + browser.TabKey + browser.Enter)
	s.wait(`!` + visible(part("panel")))
	s.until(s.words["deleted"])
	s.read("the page, with the conversation deleted")
}

// differing returns the lines of two texts that differ.
func differing(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return "- " + strings.Join(a, "\n- ") + "\n+ " + strings.Join(b, "\n+ ")
}
