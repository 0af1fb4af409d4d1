package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
	"plurachat/web/e2e/suite"
)

// TestStrictPolicy checks that nothing that a visitor can do violates a strict policy: the form, Markdown, the menu
// with its questions, the download, a lost connection, and the end. It does not test the worker that sends the
// heartbeats of a hidden tab, which the widget tries to start after four minutes; docs/content-security-policy.md names
// this exception.
func TestStrictPolicy(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]func(*site) string{
		"strict": strict,
		"nonce and strict-dynamic": func(s *site) string {
			return "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self' ws" + strings.TrimPrefix(s.URL, "http") +
				"; img-src https: data:; style-src 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Demo{Hurry: true}.Options())
			s.header("/", "Content-Security-Policy", policy(s))
			tab := chromium.visitor(t).open(s.document("/", `<!doctype html><title>A page</title><link rel=icon href="data:,"><script nonce=abc src="/watch.js"></script>`+
				strings.Replace(s.tag(`data-prechat="first_name,phone" data-consent=required data-privacy-url="https://example.com/privacy" data-sound=on data-color="#070"`), "<script", "<script nonce=abc", 1)))
			tab.openForm()
			tab.fill("first_name", "Ada")
			tab.fill("phone", "+1 202 555 0123")
			tab.start() // without the consent, so that an error is shown
			tab.wait(root + `.getElementById("field-consent").getAttribute("aria-invalid") == "true"`)
			tab.click(root + `.getElementById("field-consent")`)
			tab.start()
			tab.heard("Hi Ada")
			tab.say("/markdown")
			tab.heard("Not markup")
			menu := func(do string) {
				t.Helper()
				tab.click(root + `.querySelector("[data-do=menu]")`)
				tab.click(root + `.querySelector("[data-do=` + do + `]")`)
			}
			menu("sound")
			menu("download")
			tab.click(root + `.querySelector("[data-do=copy]")`)
			tab.loses(s)
			tab.wait(`(dispatchEvent(new Event("online")), PluraChat.state == "online")`)
			menu("ask-new")
			tab.click(root + `.querySelector("[data-do=yes]")`)
			tab.wait(dividers + `.length == 1`)
			tab.online()
			eval[any](tab, `document.querySelector("plura-chat").setAttribute("lang", "ar")`)
			tab.wait(root + `.querySelector("[part~=frame]").dir == "rtl"`)
			menu("ask-end")
			tab.click(root + `.querySelector("[data-do=yes]")`)
			tab.wait(`!` + visible(part("panel")))
			eval[any](tab, `PluraChat.destroy()`)
		})
	}
}

// changed returns the text of a file of the dist with a change that leaves it valid JavaScript or WebAssembly.
func changed(t *testing.T, f *build.File) string {
	t.Helper()
	if strings.HasSuffix(f.Name, ".js") {
		return string(f.Data) + "\nglobalThis.tampered = 1;"
	}
	text := strings.Replace(string(f.Data), "plura-chat:", "plura-chaT:", 1)
	if text == string(f.Data) {
		t.Fatalf("%s does not hold what was to be changed", f.Name)
	}
	return text
}

// file returns the file of the dist whose name matches.
func file(t *testing.T, pattern string) *build.File {
	t.Helper()
	for _, f := range dist.Files {
		if regexp.MustCompile(pattern).MatchString(f.Name) {
			return f
		}
	}
	t.Fatalf("dist has no file %s", pattern)
	return nil
}

// TestTamperedFiles checks that a file that was changed on the host is not run. The visitor reads that the chat could
// not be loaded, the site owner which file it was, and the page gets no error.
func TestTamperedFiles(t *testing.T) {
	t.Parallel()
	start, program := file(t, `^plura-chat-start-.*\.js$`), dist.Engine()
	_, zipped, err := compressor.Compress([]byte(changed(t, program)))
	if err != nil {
		t.Fatal(err)
	}
	everywhere(t, func(t *testing.T, e *engine) {
		for _, what := range []struct {
			name string
			on   func(s *site)
			told string
		}{
			{"start.js", func(s *site) {
				s.header("/"+start.Name, "Content-Type", "text/javascript")
				s.document("/"+start.Name, changed(t, start))
			}, start.Name},
			{"the WebAssembly", func(s *site) {
				s.header("/"+program.Name, "Content-Type", "application/wasm")
				s.document("/"+program.Name, changed(t, program))
			}, program.Name},
			{"the WebAssembly in gzip", func(s *site) { s.uncompressing(program, string(zipped)) }, program.Name},
		} {
			t.Run(what.name, func(t *testing.T) {
				s := newSite(t, protocoltest.Options{})
				what.on(s)
				s.allow(what.told) // reported on the console, and for the link element that failed to load
				tab := e.visitor(t).open(s.page("/", `<script>addEventListener("plura-chat:error", e => document.told = e.detail.message)</script>`+s.tag("")))
				tab.wait(visible(part("launcher")))
				tab.click(part("launcher"))
				// One expression, because the loader retries by itself.
				tab.wait(visible(part("notice")) + ` && ` + part("notice") + `.getAttribute("role") == "alert"`)
				tab.wait(visible(part("retry")))
				if told := eval[string](tab, `document.told`); !strings.Contains(told, what.told) {
					t.Errorf("the owner is told %q, which does not name %s", told, what.told)
				}
				if eval[bool](tab, `"tampered" in window`) {
					t.Error("what was changed was run")
				}
				// The cause is said once it has been found out.
				said := regexp.MustCompile(`console\.error: plura-chat: (The chat )?could not load `)
				if !suite.Poll(patience, func() bool { tab.settle(); return slices.ContainsFunc(s.reported(), said.MatchString) }) {
					t.Errorf("the console says %q", s.reported())
				}
				// The early socket is closed again.
				if err := s.flow.WaitLive(patience, 0); err != nil {
					t.Error(err)
				}
			})
		}
	})
}

// uncompressing serves the WebAssembly without compression, as some hosts do, and zipped as its .gz file.
func (s *site) uncompressing(program *build.File, zipped string) {
	s.header("/"+program.Name, "Content-Type", "application/wasm")
	s.header("/"+program.Name, "Content-Length", fmt.Sprint(len(program.Data)))
	s.document("/"+program.Name, string(program.Data))
	s.header("/"+program.Name+".gz", "Content-Type", "application/octet-stream")
	s.document("/"+program.Name+".gz", zipped)
}

// TestTamperedZipWithoutDigest checks that the .gz file is not requested on a page without crypto.subtle, as a page
// over plain HTTP is. There the widget has only the integrity check of fetch, which covers the bytes that were sent,
// and not what they decompress to.
func TestTamperedZipWithoutDigest(t *testing.T) {
	t.Parallel()
	program := dist.Engine()
	_, zipped, err := compressor.Compress([]byte(changed(t, program)))
	if err != nil {
		t.Fatal(err)
	}
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		s.uncompressing(program, string(zipped))
		tab := e.visitor(t).open(s.page("/", `<script>Object.defineProperty(crypto, "subtle", {value: undefined})</script>`+s.tag("")))
		tab.launch()
		tab.heard("How can I help")
		if n := s.asked(program.Name + ".gz"); n != 0 {
			t.Errorf("the .gz was asked for %d times", n)
		}
	})
}

// reported returns all that pages have reported, whether the test allows it or not.
func (s *site) reported() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.reports...)
}

// TestPinnedLoader checks that a script tag with the attribute integrity pins all files: the attribute pins the loader,
// and digests in the loader pin the others.
func TestPinnedLoader(t *testing.T) {
	t.Parallel()
	loader := file(t, `^plura-chat-[0-9a-f]{8}\.js$`)
	var sums build.Digests
	if err := json.Unmarshal(dist.File("integrity.json").Data, &sums); err != nil {
		t.Fatal(err)
	}
	everywhere(t, func(t *testing.T, e *engine) {
		s := newSite(t, protocoltest.Options{})
		tag := strings.Replace(s.tag(""), `src="/plura-chat.js"`, fmt.Sprintf(`src="/%s" integrity="%s" crossorigin`, loader.Name, sums.Files[loader.Name]), 1)
		tab := e.visitor(t).open(s.page("/", tag))
		tab.launch()
		tab.heard("How can I help")

		s.header("/"+loader.Name, "Content-Type", "text/javascript")
		s.document("/"+loader.Name, changed(t, loader))
		s.allow(loader.Name) // reported for the script element that failed to load
		tab = e.visitor(t).open(s.page("/changed", tag))
		tab.wait(`document.readyState == "complete"`)
		if eval[bool](tab, `"tampered" in window || "PluraChat" in window || Boolean(document.querySelector("plura-chat"))`) {
			t.Error("what was changed was run")
		}
	})
}

// TestStartIsPinned checks that the start.js that runs is the one whose digest was checked, in each engine, with and
// without the attribute frame, with which the loader cannot use fetch. The host sends a changed file for one kind of
// request only, or for the first or the second request only. The changed file must not run.
func TestStartIsPinned(t *testing.T) {
	t.Parallel()
	start := file(t, `^plura-chat-start-.*\.js$`)
	everywhere(t, func(t *testing.T, e *engine) {
		for name, bad := range map[string]func(r *http.Request, n int) bool{
			"always":          func(*http.Request, int) bool { return true },
			"to scripts":      func(r *http.Request, _ int) bool { return r.Header.Get("Sec-Fetch-Dest") == "script" },
			"to all else":     func(r *http.Request, _ int) bool { return r.Header.Get("Sec-Fetch-Dest") != "script" },
			"the first time":  func(_ *http.Request, n int) bool { return n == 1 },
			"the second time": func(_ *http.Request, n int) bool { return n == 2 },
			"from the second": func(_ *http.Request, n int) bool { return n >= 2 },
		} {
			for _, attributes := range []string{"", "data-frame"} {
				t.Run(name+attributes, func(t *testing.T) {
					s := newSite(t, protocoltest.Options{})
					s.allow(start.Name)
					count := 0
					s.answer("/"+start.Name, func(w http.ResponseWriter, r *http.Request) {
						count++
						w.Header().Set("Content-Type", "text/javascript")
						w.Header().Set("Cache-Control", "no-store")
						text := string(start.Data)
						if bad(r, count) {
							text = changed(t, start)
						}
						_, _ = io.WriteString(w, text)
					})
					tab := e.visitor(t).open(s.page("/", s.tag(attributes)))
					tab.wait(visible(part("launcher")))
					tab.click(part("launcher"))
					tab.wait(visible(part("notice")) + ` || "tampered" in window || PluraChat.state == "online"`)
					if eval[bool](tab, `"tampered" in window`) {
						t.Error("what was changed was run")
					}
					tab.settle()
				})
			}
		}
	})
}
