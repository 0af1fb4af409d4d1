package main

import (
	"strings"
	"testing"
	"time"
)

// TestSoakVerdict checks that tell distinguishes a leak from a heap that grows in steps.
func TestSoakVerdict(t *testing.T) {
	samples := func(grow func(i int) [len(soaked)]float64) (list []sample) {
		for i := range soakSamples {
			list = append(list, sample{time.Duration(i) * time.Second, grow(i)})
		}
		return list
	}
	base := [len(soaked)]float64{6, 20, 9000, 300, kept}
	for name, c := range map[string]struct {
		grow func(i int) [len(soaked)]float64
		want []string // quantities that grow
	}{
		"flat": {func(int) [len(soaked)]float64 { return base }, nil},
		"one step of Go's heap": {func(i int) [len(soaked)]float64 {
			v := base
			if i > 12 {
				v[1]++
			}
			return v
		}, nil},
		"four nodes a message": {func(i int) [len(soaked)]float64 {
			v := base
			v[2] += float64(i) * 4 * 25
			return v
		}, []string{"nodes"}},
		"all": {func(i int) [len(soaked)]float64 {
			v := base
			for j := range v {
				v[j] *= 1 + float64(i)/10
			}
			return v
		}, []string{"JS heap", "WebAssembly", "nodes", "listeners", "messages"}},
	} {
		var out strings.Builder
		err := tell(&out, samples(c.grow))
		if (err == nil) != (c.want == nil) || strings.Count(out.String(), "GROWS") != len(c.want) || strings.Count(out.String(), "flat") != len(soaked)-len(c.want) {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v is silent on %s", name, err, w)
			}
		}
	}
}
