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
	"plurachat/web/hosting"
)

// fileServer is an http.Handler that serves the files of builds as a host should: compressed, with the right types,
// with hashed names cached forever, and readable by pages of other origins.
type fileServer struct {
	compressor *build.Compressor

	mu    sync.Mutex
	files map[string]*served // by name
}

// served is a file and its compressed forms, which are made at the first request that needs one.
type served struct {
	data   []byte
	etag   string
	once   sync.Once
	br, gz []byte
	err    error
}

// Files returns a handler that serves each file of a build at "/" and its name, as a host should. It compresses a file
// at the first request that needs the compressed form.
func Files(d *build.Dist, c *build.Compressor) http.Handler {
	s := &fileServer{compressor: c}
	s.add(d)
	return s
}

// add adds the files of a build. It keeps those of earlier builds, because a page that was opened before the build
// still requests them by their old names.
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

// find returns the file that a URL path names, and its name. ext is ".br" or ".gz" if the path names a compressed form.
// find returns nil if there is no such file.
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
	h := w.Header()
	for name, value := range hosting.Headers { // with errors too
		h.Set(name, value)
	}
	f, name, ext := s.find(r.URL.Path)
	if f == nil {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	h.Set("Timing-Allow-Origin", "*")
	h.Set("Cache-Control", "no-cache") // also the script that pages name, because a reload rebuilds it
	if build.Hashed(name) {
		h.Set("Cache-Control", build.CacheControl(name))
	}
	data, encoding := f.data, ""
	if ext != "" {
		encoding = strings.TrimPrefix(ext, ".")
		h.Set("Content-Type", "application/octet-stream")
	} else {
		encoding = encodingFor(r.Header.Get("Accept-Encoding"))
		h.Set("Content-Type", build.ContentType(name))
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
		_, _ = w.Write(data) // fails only if the browser has closed the connection
	}
}

// ServeSource serves a script or a style sheet of a page from its source file. Each request reads the file again.
func ServeSource(w http.ResponseWriter, r *http.Request, file string) {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", build.ContentType(file))
	http.ServeFile(w, r, file)
}

// encodingFor returns the smallest form that an Accept-Encoding header allows: "br", "gz" or, for uncompressed, "".
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
