package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/e2e/browser"
)

// recipe is a section of docs/recipes.md in a test, with a site whose page / is the section's HTML.
type recipe struct {
	*site
	t      *testing.T
	blocks map[string]string // the section's code by language; of several blocks the first
}

// recipes has what the tests do with the sections that have code. The others are links to other pages.
var recipes = map[string]func(r *recipe){
	"Plain HTML":                      (*recipe).talk,
	"WordPress, Shopify and Webflow":  (*recipe).wordPress,
	"Google Tag Manager":              (*recipe).talk,
	"Astro":                           (*recipe).astro,
	"Turbo":                           (*recipe).turbo,
	"htmx":                            (*recipe).htmx,
	"Beside a Bootstrap modal":        (*recipe).bootstrap,
	"In a native dialog":              (*recipe).dialog,
	"After consent":                   (*recipe).consent,
	"Strict content security policy":  (*recipe).policy,
	"Lead data from your server":      (*recipe).server,
	"Campaign parameters in the lead": (*recipe).campaign,
	"A/B test":                        (*recipe).variants,
	"Open from a link":                (*recipe).link,
	"Smooth scrolling":                (*recipe).scrolling,
	"Service worker":                  (*recipe).worker,
}

var codeBlock = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```")

// TestRecipes runs the code of docs/recipes.md, and requires that every section with code has a test.
func TestRecipes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/recipes.md")
	if err != nil {
		t.Fatal(err)
	}
	tested := 0
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		name, body, _ := strings.Cut(section, "\n")
		found := codeBlock.FindAllStringSubmatch(body, -1)
		test := recipes[name]
		if (test != nil) != (len(found) > 0) {
			t.Errorf("%q has %d blocks of code, and its test is there: %v", name, len(found), test != nil)
		}
		if test == nil {
			continue
		}
		tested++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &recipe{newSite(t, protocoltest.Options{}), t, map[string]string{}}
			for _, block := range found {
				if _, ok := r.blocks[block[1]]; !ok {
					r.blocks[block[1]] = r.mine(block[2])
				}
			}
			r.page("/", r.blocks["html"])
			test(r)
		})
	}
	if tested != len(recipes) {
		t.Errorf("the page has %d sections of %d tests", tested, len(recipes))
	}
}

// mine returns a recipe's code with this site's URLs.
func (r *recipe) mine(code string) string {
	socket := "ws" + strings.TrimPrefix(r.URL, "http")
	return strings.NewReplacer(
		"https://cdn.example.com", r.URL, "https://hooks.plura.ai", r.URL, "wss://wss.plura.ai", socket,
		`data-flow-id="`, r.endpoints("data-")+` data-flow-id="`,
		` flow-id="`, " "+r.endpoints("")+` flow-id="`,
		`script.setAttribute("data-flow-id"`,
		fmt.Sprintf(`script.setAttribute("data-socket-url", %q); script.setAttribute("data-flow-id"`, socket),
		`script.dataset.flowId`, fmt.Sprintf(`script.dataset.socketUrl = %q; script.dataset.flowId`, socket),
	).Replace(code)
}

// library serves a script or a style sheet of an npm package at a path.
func (r *recipe) library(path, kind string, file ...string) {
	r.t.Helper()
	text, err := os.ReadFile(npm(r.t, file...))
	if err != nil {
		r.t.Fatal(err)
	}
	r.document(path, string(text))
	r.header(path, "Content-Type", kind)
}

func (r *recipe) open() *tab {
	r.t.Helper()
	return chromium.visitor(r.t).open(r.URL + "/")
}

// talk holds a conversation on the page, and requires that it has one chat.
func (r *recipe) talk() {
	r.t.Helper()
	tab := r.open()
	converse(tab)
	if n := eval[int](tab, `document.querySelectorAll("plura-chat").length`); n != 1 {
		r.t.Errorf("the page has %d chats", n)
	}
}

// wordPress serves what the PHP prints.
func (r *recipe) wordPress() {
	_, html, _ := strings.Cut(r.blocks["php"], "?>")
	html, _, _ = strings.Cut(html, "<?php")
	r.page("/", html)
	r.talk()
}

// astro serves the page as Astro would write it.
func (r *recipe) astro() {
	r.page("/", strings.Replace(r.blocks["astro"], " is:inline", "", 1))
	r.talk()
}

func (r *recipe) turbo() {
	r.library("/turbo.js", "text/javascript", "@hotwired", "turbo", "dist", "turbo.es2017-esm.js")
	r.page("/", "<head>"+r.blocks["html"]+`</head><body><a href="/next">Next</a>`)
	r.page("/next", "<head>"+r.blocks["html"]+`</head><body><h1>Next</h1>`)
	r.staysOpen()
}

func (r *recipe) htmx() {
	r.library("/htmx.js", "text/javascript", "htmx.org", "dist", "htmx.min.js")
	body := func(content string) string { return strings.Replace(r.blocks["html"], "</body>", content+"</body>", 1) }
	r.page("/", body(`<a href="/next">Next</a>`))
	r.page("/next", body(`<h1>Next</h1>`))
	r.staysOpen()
}

// staysOpen requires that the chat is the same, open and connected after a link was followed.
func (r *recipe) staysOpen() {
	r.t.Helper()
	tab := r.open()
	converse(tab)
	eval[any](tab, `document.chat = document.querySelector("plura-chat")`)
	eval[any](tab, `document.querySelector("a").click()`)
	tab.wait(`document.querySelector("h1") && location.pathname == "/next"`)
	tab.wait(`document.querySelector("plura-chat") == document.chat && ` + visible(part("panel")))
	tab.click(part("input"))
	tab.say("again")
	tab.heard("You said: again")
	if n := r.flow.Dials(); n != 1 {
		r.t.Errorf("%d sockets were opened", n)
	}
}

func (r *recipe) bootstrap() {
	r.library("/bootstrap.css", "text/css", "bootstrap", "dist", "css", "bootstrap.min.css")
	r.library("/bootstrap.js", "text/javascript", "bootstrap", "dist", "js", "bootstrap.bundle.min.js")
	// With the recipe's rule the modal covers the launcher; without it, the visitor talks beside the modal.
	for _, below := range []bool{true, false} {
		if !below {
			r.page("/", strings.Replace(r.blocks["html"], "--plura-z: 1000", "", 1))
		}
		tab := r.open()
		tab.wait(visible(part("launcher")))
		tab.click(`document.querySelector("[data-bs-toggle]")`)
		tab.wait(`document.querySelector("#offer.show") && document.querySelector(".modal-backdrop.show")`)
		const top = `document.elementFromPoint(innerWidth - 40, innerHeight - 40)?.localName`
		tab.wait(fmt.Sprintf(`(%s == "plura-chat") == %v`, top, !below))
		if !below {
			converse(tab)
		}
	}
}

func (r *recipe) dialog() {
	tab := r.open()
	tab.click(`document.querySelector("#help")`)
	tab.wait(visible(part("panel")))
	tab.click(part("input"))
	tab.online()
	tab.say("hello")
	tab.heard("You said: hello")
}

// consent starts the script as consent managers do: they replace the tag by one without the type.
func (r *recipe) consent() {
	tab := r.open()
	tab.wait(`document.readyState == "complete"`)
	if r.asked("plura-chat.js") > 0 || eval[bool](tab, `Boolean(window.PluraChat)`) {
		r.t.Error("the chat was loaded before the consent")
	}
	eval[any](tab, `window.WebSocket = class extends WebSocket {
		constructor(...given) {
			super(...given);
			document.dials = (document.dials ?? 0) + 1;
		}
	}, null`)
	eval[any](tab, `(() => {
		const old = document.querySelector("[type='text/plain']"), script = document.createElement("script");
		for (const { name, value } of old.attributes) name != "type" && script.setAttribute(name, value);
		old.replaceWith(script);
	})()`)
	converse(tab)
	// The state at the end of the reset says whether a connection follows.
	withdraw := strings.Replace(r.blocks["js"], "PluraChat.destroy()", "(document.after = PluraChat.state, PluraChat.destroy())", 1)
	eval[any](tab, "(() => {"+withdraw+"})()")
	tab.wait(`!document.querySelector("plura-chat")`)
	if state := eval[string](tab, `document.after`); state != "idle" {
		r.t.Errorf("after the reset, the chat is %s", state)
	}
	if n := eval[int](tab, `document.dials`); n != 1 {
		r.t.Errorf("the page opened %d connections, although the consent was withdrawn", n)
	}
	if stored := eval[string](tab, `JSON.stringify(localStorage)`); strings.Contains(stored, "hello") {
		r.t.Errorf("the conversation is stored after the consent was withdrawn: %s", stored)
	}
}

// policy allows the test's own script and its reports, too.
func (r *recipe) policy() {
	own := strings.NewReplacer("script-src ", "script-src 'self' ", "connect-src ", "connect-src 'self' ")
	r.page("/", own.Replace(r.blocks["html"]))
	r.talk()
}

func (r *recipe) server() {
	r.answer("/chat-session", func(w http.ResponseWriter, request *http.Request) {
		body := fmt.Sprintf(`{"record": {"phone": "+15551234567", "first_name": "Ada"}, "flow_id": %q}`, flow)
		answer, err := http.Post(r.URL+"/webchat/session", "application/json", strings.NewReader(body))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		w.Header().Set("Cache-Control", "no-store")
		_, _ = io.Copy(w, answer.Body)
	})
	tab := r.open()
	tab.launch()
	tab.heard("Hi Ada!")
}

func (r *recipe) campaign() {
	tab := chromium.visitor(r.t).open(r.URL + "/?utm_source=newsletter&utm_campaign=spring")
	tab.openForm()
	tab.fill("first_name", "Ada")
	tab.fill("phone", "(202) 555-0123")
	tab.start()
	tab.heard("Hi Ada!")
	got := fmt.Sprint(r.inits())
	for _, want := range []string{"utm_source:newsletter", "utm_campaign:spring", "phone:+12025550123"} {
		if !strings.Contains(got, want) {
			r.t.Errorf("the lead lacks %s: %s", want, got)
		}
	}
}

func (r *recipe) variants() {
	tab := r.open()
	tab.wait(visible(part("launcher")))
	variant := eval[string](tab, `localStorage.getItem("variant")`)
	tab.wait(fmt.Sprintf(`%s.textContent.includes(%q)`, part("launcher"), variant))
	tab.openForm()
	tab.fill("phone", "+1 202 555 0123")
	tab.start()
	tab.online()
	if got := fmt.Sprint(r.inits()); !strings.Contains(got, "variant:"+variant) {
		r.t.Errorf("the lead lacks the variant %q: %s", variant, got)
	}
}

func (r *recipe) link() {
	tab := r.open()
	tab.wait(visible(part("launcher")))
	tab.click(`document.querySelector("a")`)
	tab.wait(part("input") + `?.value == "I would like a quote" && ` + visible(part("panel")))
	tab.online()
	tab.wait(focused("input"))
	tab.press(browser.Enter)
	tab.said("I would like a quote")
}

// scrolling only talks. TestSmoothScrollingPage checks what the wheel scrolls.
func (r *recipe) scrolling() {
	r.library("/lenis.js", "text/javascript", "lenis", "dist", "lenis.min.js")
	r.talk()
}

// worker opens a page under the control of the recipe's service worker.
func (r *recipe) worker() {
	r.page("/", `<script>navigator.serviceWorker.register("/worker.js")</script>`+r.tag(""))
	r.script("/worker.js", r.blocks["js"])
	tab := r.open()
	tab.wait(`document.querySelector("plura-chat")`)
	eval[any](tab, `navigator.serviceWorker.ready.then(() => {})`)
	tab.reload()
	tab.wait(`navigator.serviceWorker.controller`)
	converse(tab)
	cached := eval[string](tab, `caches.open("pages").then(cache => cache.keys())
		.then(all => all.map(request => new URL(request.url).pathname).join(" "))`)
	if !strings.Contains(cached, "/watch.js") || strings.Contains(cached, "plura-chat") {
		r.t.Errorf("the worker has cached %q", cached)
	}
}
