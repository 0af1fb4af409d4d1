package build

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/evanw/esbuild/pkg/api"
)

// frameName is the page that the attribute frame puts into an iframe. The name is stable, because the page
// that names it may be older than the files beside it.
const frameName = "frame.html"

// addFrame adds the frame's page and its script to the dist. The page pins both scripts by their digests;
// it cannot itself be pinned, for an iframe takes none.
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

// bundleFrame makes plura-chat-frame-{hash}.js, a classic script.
func (r *Recipe) bundleFrame() ([]byte, error) {
	const file = "web/frame/frame_side.js"
	source, err := r.source(file)
	if err != nil {
		return nil, err
	}
	return r.bundle(file, source, api.FormatIIFE, "", map[string]any{"FRAME_PAGE_CSS": styleSheet("web/frame/frame_side.css")})
}
