package build

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// Sizes has the sizes of a file in bytes, uncompressed and compressed.
type Sizes struct {
	Name            string
	Raw, Brotli, Gz int
}

// Sizes returns the sizes of all files. It compresses them with c.
func (d *Dist) Sizes(c *Compressor) ([]Sizes, error) {
	var all []Sizes
	for _, f := range d.Files {
		br, gz, err := c.Compress(f.Data)
		if err != nil {
			return nil, fmt.Errorf("compressing %s: %w", f.Name, err)
		}
		all = append(all, Sizes{f.Name, len(f.Data), len(br), len(gz)})
	}
	return all, nil
}

// WriteTable writes sizes to w as a table.
func WriteTable(w io.Writer, all []Sizes) error {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "bytes\tbrotli\tgzip\t  file")
	for _, s := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t  %s\n", thousands(s.Raw), thousands(s.Brotli), thousands(s.Gz), s.Name)
	}
	return t.Flush()
}

// thousands returns n in decimal with commas between groups of three digits. n must not be negative.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
