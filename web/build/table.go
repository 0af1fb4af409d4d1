package build

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// Sizes are a file's bytes: as it is, and as it travels.
type Sizes struct {
	Name            string
	Raw, Brotli, Gz int
}

// Sizes measures every file.
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

// WriteTable prints sizes for people.
func WriteTable(w io.Writer, all []Sizes) error {
	t := tabwriter.NewWriter(w, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "bytes\tbrotli\tgzip\t  file")
	for _, s := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t  %s\n", thousands(s.Raw), thousands(s.Brotli), thousands(s.Gz), s.Name)
	}
	return t.Flush()
}

// thousands writes n with a comma before every third digit.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
