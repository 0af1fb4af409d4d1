package preview

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"plurachat/web/build"
)

// fileServer serves files of builds the way a good host does: compressed, with the right types, hashed
// names cached forever, and open to pages of other origins.
type fileServer struct {
	compressor *build.Compressor

	mu    sync.Mutex
	files map[string]*served
}

// served is a file with its compressed forms, made when they are first asked for.
type served struct {
	data   []byte
	etag   string
	once   sync.Once
	br, gz []byte
	err    error
}

// Files serves the files of a build as a good host does, each at its name below "/". The compressed forms are made when
// they are first asked for.
func Files(d *build.Dist, c *build.Compressor) http.Handler {
	s := &fileServer{compressor: c}
	s.add(d)
	return s
}

// add puts the files of a build beside those of earlier ones: a page that was open before the build still
// asks for the names it knows.
func (s *fileServer) add(d *build.Dist) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files = map[string]*served{}
	}
	for _, f := range d.Files {
		sum := sha256.Sum256(f.Data)
		etag := hex.EncodeToString(sum[:8])
		if old := s.files[f.Name]; old == nil || old.etag != etag {
			s.files[f.Name] = &served{data: f.Data, etag: etag}
		}
	}
}

// find returns the file that a URL path names, and the compressed form, if it names one.
func (s *fileServer) find(urlPath string) (f *served, name, ext string) {
	name = strings.TrimPrefix(urlPath, "/")
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.files[name]; f != nil {
		return f, name, ""
	}
	ext = path.Ext(name)
	if ext != ".br" && ext != ".gz" {
		return nil, "", ""
	}
	name = strings.TrimSuffix(name, ext)
	return s.files[name], name, ext
}

// ServeHTTP implements http.Handler.
func (s *fileServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, name, ext := s.find(r.URL.Path)
	if f == nil {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Timing-Allow-Origin", "*")
	h.Set("Cache-Control", "no-cache")
	if build.Hashed(name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	data, encoding := f.data, ""
	if ext != "" {
		encoding = strings.TrimPrefix(ext, ".")
		h.Set("Content-Type", "application/octet-stream")
	} else {
		encoding = encodingFor(r.Header.Get("Accept-Encoding"))
		h.Set("Content-Type", contentType(name))
		h.Set("Vary", "Accept-Encoding")
	}
	if encoding != "" {
		f.once.Do(func() { f.br, f.gz, f.err = s.compressor.Compress(f.data) })
		if f.err != nil {
			http.Error(w, f.err.Error(), http.StatusInternalServerError)
			return
		}
		data = f.br
		if encoding == "gz" {
			data = f.gz
		}
		if ext == "" {
			h.Set("Content-Encoding", map[string]string{"br": "br", "gz": "gzip"}[encoding])
		}
	}
	etag := `"` + f.etag + encoding + `"`
	h.Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(data) // a browser that went away needs no answer
	}
}

// ServeSource serves a script or a style sheet of a page from its file in the module, as the file is now.
func ServeSource(w http.ResponseWriter, r *http.Request, file string) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", contentType(file))
	http.ServeFile(w, r, file)
}

// encodingFor picks the smallest form that an Accept-Encoding header allows: "br", "gz" or "".
func encodingFor(accept string) string {
	allowed := map[string]bool{}
	for item := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(item), ";")
		q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		allowed[strings.ToLower(strings.TrimSpace(name))] = !ok || err == nil && weight > 0
	}
	switch {
	case allowed["br"]:
		return "br"
	case allowed["gzip"]:
		return "gz"
	}
	return ""
}

// contentType is fixed here rather than looked up in the machine's tables: a browser compiles
// WebAssembly while it arrives under exactly one type.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".wasm":
		return "application/wasm"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".json":
		return "application/json"
	}
	return "text/plain; charset=utf-8"
}
