package e2e

import (
	"fmt"
	"io/fs"
	"mime"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"plurachat/protocol/protocoltest"
	"plurachat/web/build"
)

// packageProjects are the projects that use the npm package, each with the folders of packages/ that it consists of.
var packageProjects = map[string][]string{
	"vite-react18": {"vite-react18", "vite", "react"},
	"vite-react19": {"vite-react19", "vite", "react"},
	"next":         {"next", "react"},
	"vue":          {"vue"},
	"svelte":       {"svelte"},
	"solid":        {"solid"},
}

// packTarball packs the dist with npm, and returns the tarball's path. The folder is removed after all tests.
var packTarball = sync.OnceValues(func() (file string, err error) {
	folder, err := os.MkdirTemp(tempDir, "package")
	if err != nil {
		return "", err
	}
	if err := (&build.Folder{Dir: folder, Package: true}).Write(dist, compressor); err != nil {
		return "", err
	}
	pack := exec.Command("npm", "pack")
	pack.Dir = folder
	if said, err := pack.CombinedOutput(); err != nil {
		os.Stderr.Write(said)
		return "", err
	}
	found, err := filepath.Glob(filepath.Join(folder, "plura-chat-*.tgz"))
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("npm pack has made %q", found)
	}
	return found[0], nil
})

// unreachable matches what npm says where there is no registry.
var unreachable = regexp.MustCompile(`\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b`)

// buildProject installs a project of these folders with the package, makes its production build, and returns the folder
// of the build. Without npm or a registry it skips the test, or fails it if CI is "true".
func buildProject(t *testing.T, parts ...string) string {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		if os.Getenv("CI") != "true" {
			t.Skipf("npm is not here: %v", err)
		}
		t.Fatalf("npm (required in CI): %v", err)
	}
	tarball, err := packTarball()
	if err != nil {
		t.Fatalf("packing the dist: %v", err)
	}
	root := t.TempDir()
	folder := filepath.Join(root, "project")
	for _, part := range parts {
		if err := os.CopyFS(folder, os.DirFS(filepath.Join("packages", part))); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Link(tarball, filepath.Join(root, "plura-chat.tgz")); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) {
		t.Helper()
		npm := exec.CommandContext(t.Context(), "npm", args...)
		npm.Dir = folder
		npm.Env = append(os.Environ(), "NEXT_TELEMETRY_DISABLED=1")
		said, err := npm.CombinedOutput()
		if err != nil && unreachable.Match(said) && os.Getenv("CI") != "true" {
			t.Skipf("npm %s: there is no registry", args[0])
		}
		if err != nil {
			t.Fatalf("npm %s: %v\n%s", args[0], err, said)
		}
	}
	run("ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
	run("run", "build")
	return filepath.Join(folder, "out")
}

// publish serves the files of a folder, with this site's URLs instead of those that the projects name, and with the
// script watch.js on each page.
func (s *site) publish(t *testing.T, folder string) {
	t.Helper()
	mine := strings.NewReplacer("wss://socket.invalid", "ws"+strings.TrimPrefix(s.URL, "http"),
		"https://session.invalid", s.URL, "<head>", `<head><script src="/watch.js"></script>`)
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, file)
		if err != nil {
			return err
		}
		url, text := "/"+filepath.ToSlash(name), string(data)
		if strings.HasSuffix(url, ".html") || strings.HasSuffix(url, ".js") && !strings.HasPrefix(url, "/plura-chat/") {
			text = mine.Replace(text)
		}
		url = strings.TrimSuffix(url, "index.html")
		s.document(url, text)
		if kind := mime.TypeByExtension(filepath.Ext(file)); kind != "" {
			s.header(url, "Content-Type", kind)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPackage checks that the npm package works in production builds: the chat is drawn once, the page opens and
// changes it, hears its events, and removes it. Nothing may be reported, such as a page that differs from its HTML.
func TestPackage(t *testing.T) {
	t.Parallel()
	for name, parts := range packageProjects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, protocoltest.Options{})
			built := buildProject(t, parts...)
			s.publish(t, built)
			if name == "next" {
				prerendered(t, filepath.Join(built, "index.html"))
			}
			tab := chromium.visitor(t).open(s.URL + "/")
			const chat, button = `document.querySelector("plura-chat")`, `document.querySelector("#open")`
			tab.wait(visible(part("launcher")))

			tab.click(button)
			tab.wait(visible(part("panel")))
			tab.online()
			tab.wait(button + `.textContent == "Close"`)
			if label := eval[string](tab, part("starters")+`.textContent`); label != "Prices" {
				t.Errorf("the suggestions are %q", label)
			}
			tab.click(part("input"))
			tab.say("hello")
			tab.heard("You said: hello")
			tab.wait(`document.querySelector("#heard").textContent.includes("visitor: hello|agent: You said: hello")`)

			tab.click(`document.querySelector("#change")`)
			tab.wait(chat + `.getAttribute("theme") == "dark" && ` + chat + `.getAttribute("lang") != "de"`)
			for _, action := range []string{button, part("launcher")} {
				eval[any](tab, action+`.click()`)
				tab.wait(button + `.textContent == "Open" && !` + visible(part("panel")))
				eval[any](tab, action+`.click()`)
				tab.wait(button + `.textContent == "Close" && ` + visible(part("panel")))
			}
			if n := eval[int](tab, `document.querySelectorAll("plura-chat#chat.chat").length`); n != 1 {
				t.Errorf("the page has %d chats", n)
			}
			if n := s.asked("plura-chat/plura-chat.js"); n != 1 {
				t.Errorf("the script was requested %d times", n)
			}

			tab.click(`document.querySelector("#remove")`)
			tab.wait(`!` + chat)
			if err := s.flow.WaitLive(patience, 0); err != nil {
				t.Errorf("a removed chat has a socket: %v", err)
			}
			if !slices.Contains(parts, "react") {
				return
			}
			const ready = `document.querySelector("#ready").textContent`
			before := eval[string](tab, ready)
			tab.click(`document.querySelector("#remove")`)
			tab.wait(visible(part("panel")) + ` || ` + visible(part("launcher")))
			tab.wait(ready + ` != "` + before + `"`)
		})
	}
}

// prerendered checks that the page's HTML has the element with its attributes.
func prerendered(t *testing.T, file string) {
	t.Helper()
	html, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<plura-chat `, ` flow-id="` + flow + `"`, ` starters="[{&quot;label&quot;`, ` class="chat"`} {
		if !strings.Contains(string(html), want) {
			t.Errorf("the HTML lacks %s", want)
		}
	}
}

// TestPackageLoad checks that load says which file is missing, where a host answers with a page instead of an error,
// and that the next call tries again and resolves with the widget.
func TestPackageLoad(t *testing.T) {
	t.Parallel()
	s := newSite(t, protocoltest.Options{})
	s.allow("Unexpected token '<'") // the page as a script
	for _, file := range dist.Package {
		if strings.HasSuffix(file.Name, ".js") {
			s.script("/npm/"+file.Name, string(file.Data))
		}
	}
	s.page("/elsewhere/plura-chat.js", "not found")
	tab := chromium.visitor(t).open(s.page("/", "<body>"))
	state := eval[string](tab, `import("/npm/load.js").then(({ load }) =>
		load({src: "/elsewhere/plura-chat.js"}).then(() => "loaded", ({ message }) => message))`)
	if !strings.Contains(state, "/elsewhere/plura-chat.js is missing") {
		t.Errorf("without the script, load says %q", state)
	}
	if !eval[bool](tab, `import("/npm/load.js").then(async ({ load }) => {
		const [chat, again] = await Promise.all([load({src: "/plura-chat.js"}), load()]);
		return chat === window.PluraChat && chat === again;
	})`) {
		t.Error("load does not resolve with the widget")
	}
	if n := eval[int](tab, `document.querySelectorAll("script[src*=plura-chat]").length`); n != 1 {
		t.Errorf("the page has %d scripts", n)
	}
}
