package preview

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"plurachat/protocol"
	"plurachat/web/build"
	"plurachat/widget/chat"
)

// Demo is the landing page as files for a static host. They work in any folder of the host, beside the files of a
// build. The page applies the attributes in its address to the widget, as the preview does, except those of fixed.
type Demo struct {
	// Flow is the id of the flow on the page.
	Flow string
	// SocketURL and SessionURL are the values of the attributes socket-url and session-url. If they are empty, the page
	// talks to Plura AI.
	SocketURL, SessionURL string
}

// fixed are the attributes that the address of a Demo does not change: where the widget connects to, what it sends
// without an act of the visitor, and where its own links lead. Anybody can write a link to a public page.
var fixed = []string{
	"flow-id", "session", "flow-instance", "record", "metadata", "attribution", "socket-url", "session-url", "contacts",
	"privacy-url",
}

// free returns the names of all attributes but those of fixed.
func free() []string {
	isFixed := func(name string) bool { return slices.Contains(fixed, name) }
	return slices.DeleteFunc(slices.Clone(chat.Attributes), isFixed)
}

// Write writes index.html, page.css and page.js to the folder dir. root is the folder of the module plurachat.
func (d Demo) Write(root, dir string) error {
	files, err := d.files(root)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
			return fmt.Errorf("writing the demo: %w", err)
		}
	}
	return nil
}

func (d Demo) files(root string) ([]*build.File, error) {
	attributes := map[string]string{"flow-id": d.Flow}
	services := []string{protocol.DefaultSocketURL, protocol.DefaultSessionURL}
	for i, name := range []string{"socket-url", "session-url"} {
		if value := []string{d.SocketURL, d.SessionURL}[i]; value != "" {
			attributes[name], services[i] = value, value
		}
	}
	for i, service := range services {
		u, err := url.Parse(service)
		if err != nil || !hostPattern.MatchString(u.Host) {
			return nil, fmt.Errorf("the demo's service %q: want a URL", service)
		}
		services[i] = u.Scheme + "://" + u.Host
	}
	script, _ := tag(attributes, nil)
	page, err := executePage(root, map[string]any{
		"Script": script, "Flow": d.Flow, "Static": strings.Join(free(), " "),
		"Live": d.SocketURL == "", "Policy": fmt.Sprintf(policy, strings.Join(services, " ")),
	})
	if err != nil {
		return nil, err
	}
	files := []*build.File{{Name: "index.html", Data: page}}
	for _, name := range []string{"page.css", "page.js"} {
		text, err := os.ReadFile(filepath.Join(root, "web", "preview", name))
		if err != nil {
			return nil, fmt.Errorf("the page: %w", err)
		}
		files = append(files, &build.File{Name: name, Data: text})
	}
	return files, nil
}

// executePage executes the template of the landing page. It parses the file at each call, so that a reload shows an
// edit.
func executePage(root string, data any) ([]byte, error) {
	t, err := template.ParseFiles(filepath.Join(root, "web", "preview", "page.html"))
	if err != nil {
		return nil, fmt.Errorf("the page: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return nil, fmt.Errorf("the page: %w", err)
	}
	return out.Bytes(), nil
}
