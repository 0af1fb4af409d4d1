package build

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/evanw/esbuild/pkg/api"
)

// frameName is the name of the page in the iframe that the attribute frame asks for. It has no hash, because a script
// of an older build may load the page.
const frameName = "frame.html"

// addFrame adds the page in the iframe and its script to the dist. The page has the digests of its two scripts. The
// page itself is loaded without one, because HTML has no attribute integrity for iframes.
func (r *Recipe) addFrame(d *Dist, loader *File) error {
	script, err := r.bundleFrame()
	if err != nil {
		return fmt.Errorf("bundling the frame's script: %w", err)
	}
	f := d.add(hashedName("plura-chat-frame", ".js", script), script)
	source, err := r.source("web/frame/" + frameName)
	if err != nil {
		return fmt.Errorf("making the frame's page: %w", err)
	}
	t, err := template.New(frameName).Parse(source)
	if err != nil {
		return fmt.Errorf("making the frame's page: %w", err)
	}
	type pinned struct{ Name, Integrity string }
	var page strings.Builder
	err = t.Execute(&page, map[string]pinned{
		"Loader": {loader.Name, loader.integrity()},
		"Script": {f.Name, f.integrity()},
	})
	if err != nil {
		return fmt.Errorf("making the frame's page: %w", err)
	}
	d.add(frameName, []byte(page.String()))
	return nil
}

// bundleFrame makes plura-chat-frame-{hash}.js, a classic script in the iframe.
func (r *Recipe) bundleFrame() ([]byte, error) {
	const file = "web/frame/frame_side.js"
	source, err := r.source(file)
	if err != nil {
		return nil, err
	}
	define := map[string]any{"FRAME_PAGE_CSS": styleSheet("web/frame/frame_side.css")}
	return r.bundle(file, source, api.FormatIIFE, "", define)
}
