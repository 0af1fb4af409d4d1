package markdown

import "strings"

// asciiHost returns the host in the form of the domain name system, with punycode.
func asciiHost(host string) string {
	host = lower(host)
	out := make([]byte, 0, len(host))
	for host != "" {
		step(1)
		name := host
		if i := indexByte(host, '.'); i >= 0 {
			name = host[:i+1]
		}
		host = host[len(name):]
		out = appendPunycode(out, strings.TrimSuffix(name, "."))
		if name[len(name)-1] == '.' {
			out = append(out, '.')
		}
	}
	return string(out)
}

// appendPunycode appends a label of a host as RFC 3492 encodes it. A label that is too long is appended unchanged.
func appendPunycode(out []byte, name string) []byte {
	const base, tMin, tMax, most = 36, 1, 26, 63
	letters := []rune(name)
	if len(letters) == len(name) || len(letters) > most {
		return append(out, name...)
	}
	out = append(out, "xn--"...)
	done := 0
	for _, r := range letters {
		step(1)
		if r < 0x80 {
			out = append(out, byte(r))
			done++
		}
	}
	plain := done
	if plain > 0 {
		out = append(out, '-')
	}
	delta, bias := 0, 72
	for n := rune(0x80); done < len(letters); n++ {
		step(1)
		next := rune(0x7FFFFFFF)
		for _, r := range letters {
			step(1)
			if r >= n {
				next = min(next, r)
			}
		}
		delta += int(next-n) * (done + 1)
		n = next
		for _, r := range letters {
			step(1)
			if r < n {
				delta++
			}
			if r != n {
				continue
			}
			q := delta
			for k := base; ; k += base {
				step(1)
				t := min(max(k-bias, tMin), tMax)
				if q < t {
					break
				}
				out = append(out, punyDigit(t+(q-t)%(base-t)))
				q = (q - t) / (base - t)
			}
			out = append(out, punyDigit(q))
			bias = adaptBias(delta, done+1, done == plain)
			delta = 0
			done++
		}
		delta++
	}
	return out
}

func punyDigit(n int) byte { return "abcdefghijklmnopqrstuvwxyz0123456789"[n] }

// adaptBias is RFC 3492's function adapt.
func adaptBias(delta, points int, first bool) int {
	if first {
		delta /= 700
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for delta > 455 {
		step(1)
		delta /= 35
		k += 36
	}
	return k + 36*delta/(delta+38)
}
