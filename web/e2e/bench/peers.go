package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// peer is another chat widget, embedded as its package says.
type peer struct {
	name, version string // on npm
	install       bool   // install the package with its dependencies and bundle it; otherwise the package is only unpacked

	embed    string // HTML for the end of the page; {{dir}} is the path of the package's files
	entry    string // the script that is bundled to {{dir}}/bundle.js
	launcher string // expression for its button; "": the chat is in the page from the beginning
	input    string // expression for its text field
	rows     string // expression for the number of messages; "": it shows none without its own server

	before string            // script to run before the page with the thousand messages is opened
	say    string            // script that shows the thousand messages on that page
	since  string            // expression for the time from which to measure; "": when say was evaluated
	serve  map[string]string // the answers of its server, by path
}

// thousand is a JavaScript expression for an array of texts.
const thousand = `Array.from({length: 1000}, (_, i) => "This is message " + (i + 1) + " of 1000, with **some** of it in bold.")`

var peers = []peer{
	{
		name: "deep-chat", version: "2.4.2",
		embed: `<deep-chat style="width: 384px; height: 600px"></deep-chat><script type="module" src="{{dir}}/dist/deepChat.bundle.js"></script>`,
		input: `document.bench.find(["deep-chat", "#text-input"])`,
		rows:  `document.bench.find(["deep-chat", "#messages"]).querySelectorAll(".message-bubble").length`,
		say:   thousand + `.forEach(text => document.querySelector("deep-chat").addMessage({text, role: "ai"}))`,
	},
	{
		name: "@typebot.io/js", version: "0.10.7",
		embed: `<script type="module">
			import Typebot from "{{dir}}/dist/web.js";
			Typebot.initBubble({typebot: "bench", apiHost: location.origin});
		</script>`,
		launcher: `document.bench.find(["typebot-bubble", "button"])`,
		input:    `document.bench.find(["typebot-bubble", "input, textarea"])`,
		serve: map[string]string{"/api/v1/typebots/bench/startChat": `{"sessionId": "bench", "resultId": "bench",
			"typebot": {"id": "bench", "version": "6.1", "theme": {}, "settings": {}},
			"messages": [{"id": "hello", "type": "text", "content": {"type": "richText", "richText": [{"type": "p", "children": [{"text": "Hi!"}]}]}}],
			"input": {"id": "input", "type": "text input", "options": {}}}`},
	},
	{
		name: "@botpress/webchat", version: "4.5.2", install: true,
		entry: `import { createElement as h, useState } from "react";
			import { createRoot } from "react-dom/client";
			import { Fab, Webchat } from "@botpress/webchat";
			import "./node_modules/@botpress/webchat/dist/style.css";
			function App() {
				const [open, setOpen] = useState(false);
				return h("div", {}, h(Fab, {id: "fab", onClick: () => setOpen(!open), style: {position: "fixed", right: 20, bottom: 20}}),
					h("div", {id: "chat", style: {display: open ? "block" : "none", position: "fixed", right: 20, bottom: 90, width: 384, height: 600}},
						h(Webchat, {clientId: "87f66d6d-dba9-4a44-9274-02c6927a083a"})));
			}
			createRoot(document.getElementById("peer")).render(h(App));`,
		embed:    `<div id="peer"></div><link rel="stylesheet" href="{{dir}}/bundle.css"><script type="module" src="{{dir}}/bundle.js"></script>`,
		launcher: `document.querySelector(".bpFabContainer, #fab")`,
		input:    `document.querySelector("#chat textarea")`,
	},
	{
		name: "flowise-embed", version: "3.1.6",
		embed: `<script type="module">
			import Chatbot from "{{dir}}/dist/web.js";
			Chatbot.init({chatflowid: "bench", apiHost: location.origin});
		</script>`,
		launcher: `document.bench.find(["flowise-chatbot", "button"])`,
		input:    `document.bench.find(["flowise-chatbot", "textarea"])`,
		rows:     `document.bench.find(["flowise-chatbot", "div"]).getRootNode().querySelectorAll(".chatbot-host-bubble").length`,
		before: `localStorage.bench_EXTERNAL = JSON.stringify({chatId: "bench", chatHistory:
			` + thousand + `.map((message, i) => ({message, type: "apiMessage", messageId: String(i)}))})`,
		since: "document.bench.marks.click",
		serve: map[string]string{"/api/v1/public-chatbotConfig/bench": "{}", "/api/v1/chatflows-streaming/bench": `{"isStreaming": false}`},
	},
	{
		name: "@n8n/chat", version: "1.37.0",
		embed: `<link rel="stylesheet" href="{{dir}}/dist/style.css"><script type="module">
			import { createChat } from "{{dir}}/dist/chat.bundle.es.js";
			createChat({webhookUrl: location.origin + "/n8n-webhook"});
		</script>`,
		launcher: `document.querySelector(".chat-window-toggle")`,
		input:    `document.querySelector(".chat-window textarea")`,
		rows:     `document.querySelectorAll(".chat-window .chat-message").length`,
		before:   `localStorage["n8n-chat/sessionId"] = "bench"`,
		since:    `performance.getEntriesByType("resource").findLast(({name}) => name.includes("/n8n-webhook")).responseEnd`,
	},
	{
		name: "@voiceflow/react-chat", version: "1.65.2",
		embed: `<script type="module">
			import "{{dir}}/dist/bundle.mjs";
			voiceflow.chat.load({verify: {projectID: "bench"}, url: location.origin + "/voiceflow", userID: "bench"});
		</script>`,
		launcher: `document.bench.find(["#voiceflow-chat", ".vfrc-launcher"])`,
		input:    `document.bench.find(["#voiceflow-chat", ".vfrc-chat-input textarea"])`,
		serve: map[string]string{
			"/voiceflow/public/bench/publishing":                "{}",
			"/voiceflow/public/bench/state/user/bench/interact": `{"trace": [{"type": "text", "payload": {"message": "Hi!"}}]}`,
			"/voiceflow/public/bench/transcripts":               "{}",
		},
	},
	{
		name: "react-chatbotify", version: "2.5.0", install: true,
		entry: `import { createElement as h } from "react";
			import { createRoot } from "react-dom/client";
			import ChatBot, { ChatBotProvider, useMessages } from "react-chatbotify";
			function App() {
				document.injectMessage = useMessages().injectMessage;
				return h(ChatBot, {flow: {start: {message: "Hi!", path: "start"}}, settings: {chatHistory: {disabled: true}, tooltip: {mode: "NEVER"}}});
			}
			createRoot(document.getElementById("peer")).render(h(ChatBotProvider, {}, h(App)));`,
		embed:    `<div id="peer"></div><link rel="stylesheet" href="{{dir}}/bundle.css"><script type="module" src="{{dir}}/bundle.js"></script>`,
		launcher: `document.querySelector(".rcb-toggle-button")`,
		input:    `document.querySelector(".rcb-chat-input-textarea")`,
		rows:     `document.querySelectorAll(".rcb-bot-message").length`,
		say:      thousand + `.forEach(text => document.injectMessage(text, "BOT"))`,
	},
	{
		name: "botframework-webchat", version: "4.18.1",
		embed: `<div id="peer" style="width: 384px; height: 600px"></div><script src="{{dir}}/dist/webchat.js"></script><script>
			const shared = (begin) => {
				const all = new Set();
				return {
					next: (value) => all.forEach((observer) => observer.next(value)),
					subscribe(observer, error, complete) {
						observer = observer.call ? {next: observer, error, complete} : observer;
						all.add(observer);
						begin(observer);
						return {unsubscribe: () => all.delete(observer)};
					},
				};
			};
			document.activity = shared(() => {});
			WebChat.renderWebChat({userID: "you", directLine: {
				activity$: document.activity,
				connectionStatus$: shared((observer) => [0, 1, 2].forEach((state) => observer.next(state))),
				postActivity: () => shared((observer) => observer.next("id")),
				end() {}, getSessionId: () => shared(() => {}), referenceGrammarId: "",
			}}, document.getElementById("peer"));
		</script>`,
		input: `document.querySelector("#peer [data-id=webchat-sendbox-input], #peer input[type=text], #peer textarea")`,
		rows:  `document.querySelectorAll("#peer article").length`,
		say: thousand + `.forEach((text, i) => document.activity.next({type: "message", id: String(i), text, textFormat: "markdown", from: {id: "bot", role: "bot"},
			timestamp: new Date(Date.now() + i).toISOString(), channelData: {"webchat:sequence-id": i}}))`,
	},
}

// fetch gets a peer's package from npm, and returns the folder whose files are to be served. dir is an empty folder
// outside the repository.
func (p *peer) fetch(ctx context.Context, dir string) (string, error) {
	id := p.name + "@" + p.version
	if p.install {
		if err := npm(ctx, dir, "install", "--no-save", id, "react@19", "react-dom@19"); err != nil {
			return "", err
		}
		built := api.Build(api.BuildOptions{
			Stdin:  &api.StdinOptions{Contents: p.entry, ResolveDir: dir, Loader: api.LoaderJS},
			Bundle: true, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, Format: api.FormatESModule, Target: api.ES2022,
			Define: map[string]string{"process.env.NODE_ENV": `"production"`}, Outfile: filepath.Join(dir, "bundle.js"), Write: true, LogLevel: api.LogLevelSilent,
			Loader: map[string]api.Loader{".woff": api.LoaderDataURL, ".woff2": api.LoaderDataURL},
		})
		if len(built.Errors) > 0 {
			return "", fmt.Errorf("bundling %s: %s", id, built.Errors[0].Text)
		}
		return dir, nil
	}
	if err := npm(ctx, dir, "pack", id, "--pack-destination", dir); err != nil {
		return "", err
	}
	archives, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(archives) != 1 {
		return "", fmt.Errorf("npm pack %s left %v", id, archives)
	}
	if out, err := exec.CommandContext(ctx, "tar", "-xzf", archives[0], "-C", dir).CombinedOutput(); err != nil {
		return "", fmt.Errorf("unpacking %s: %w\n%s", id, err, out)
	}
	return filepath.Join(dir, "package"), nil
}

// host adds a peer's files and page to the site, and returns the path of the page.
func (b *bench) host(p *peer, dir string) string {
	at := "/peers/" + p.name
	b.site.mux.Handle("GET "+at+"/", http.StripPrefix(at, &compressed{dir: dir, compressor: b.compressor}))
	for path, answer := range p.serve {
		b.site.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(answer)) // an error means that the browser has gone
		})
	}
	page := "/page-of/" + p.name
	b.site.page(page, strings.ReplaceAll(p.embed, "{{dir}}", at))
	return page
}

// pastSession answers as n8n's webhook does when it is asked for an earlier conversation: the session "bench" has a
// thousand messages, any other has none.
func pastSession(w http.ResponseWriter, r *http.Request) {
	type message struct {
		ID     []string          `json:"id"`
		Kwargs map[string]string `json:"kwargs"`
	}
	past := struct {
		Data []message `json:"data"`
	}{[]message{}}
	var asked struct {
		Session string `json:"sessionId"`
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err == nil && asked.Session == "bench" {
		for i := range 1000 {
			past.Data = append(past.Data, message{[]string{"langchain_core", "messages", "AIMessage"}, map[string]string{"content": words(i+1, 1000)}})
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(past) // an error means that the browser has gone
}

// workshop makes a folder outside the repository, and returns a function that removes it.
func workshop() (string, func(), error) {
	dir, err := os.MkdirTemp("", "plura-chat-bench-")
	return dir, func() { _ = os.RemoveAll(dir) }, err
}
