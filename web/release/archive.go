package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"slices"
	"strings"
	"time"

	"plurachat/web/build"
)

// archive returns a .tar.gz file with a folder of the files of a dist, their compressed forms, and the lists for the
// upload. Names are sorted, and times and owners are constant, so that equal files make equal archives.
func archive(folder string, d *build.Dist, c *build.Compressor) ([]byte, error) {
	files := d.Uploads()
	for _, f := range d.Files {
		forms, err := f.Forms(c)
		if err != nil {
			return nil, err
		}
		files = append(files, forms...)
	}
	slices.SortFunc(files, func(a, b *build.File) int { return strings.Compare(a.Name, b.Name) })

	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(zip)
	// Some programs refuse files from before 1980.
	day := time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)
	header := tar.Header{Typeflag: tar.TypeDir, Name: folder + "/", Mode: 0o755, ModTime: day, Format: tar.FormatUSTAR}
	if err := w.WriteHeader(&header); err != nil {
		return nil, err
	}
	for _, f := range files {
		header.Typeflag, header.Mode = tar.TypeReg, 0o644
		header.Name, header.Size = folder+"/"+f.Name, int64(len(f.Data))
		if err := w.WriteHeader(&header); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.Data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if err := zip.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
