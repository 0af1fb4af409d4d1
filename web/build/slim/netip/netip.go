// Package netip replaces net/netip in the WebAssembly build.
//
// net/url imports it to check whether the text in brackets in a URL is an IPv6 address. The standard package would link
// package unique, which it needs for the names of zones. This package only checks addresses. Tests compare the results
// with the standard package.
package netip

import (
	"errors"
	"strings"
)

// Addr is a valid IP address. It only has the address's kind.
type Addr struct {
	is4 bool
}

// Is4 reports whether the address is an IPv4 address, which excludes IPv6 addresses that end in one.
func (a Addr) Is4() bool { return a.is4 }

var errAddr = errors.New("not an IP address")

// ParseAddr parses an IP address: IPv4 ("192.0.2.1"), IPv6 ("2001:db8::68"), or IPv6 with a zone ("fe80::1%ens18"). It
// returns an error if s is none.
func ParseAddr(s string) (Addr, error) {
	// The first of these characters determines the kind.
	switch i := strings.IndexAny(s, ".:%"); {
	case i >= 0 && s[i] == '.' && valid4(s):
		return Addr{is4: true}, nil
	case i >= 0 && s[i] == ':' && valid6(s):
		return Addr{}, nil
	}
	return Addr{}, errAddr
}

// valid4 reports whether s is an IPv4 address: four decimal numbers up to 255, without leading zeros, separated by
// dots.
func valid4(s string) bool {
	for part := range 4 {
		n, value := 0, 0
		for n < len(s) && '0' <= s[n] && s[n] <= '9' && value <= 255 {
			value = value*10 + int(s[n]-'0')
			n++
		}
		if n == 0 || value > 255 || n > 1 && s[0] == '0' {
			return false
		}
		if s = s[n:]; part < 3 {
			if s == "" || s[0] != '.' {
				return false
			}
			s = s[1:]
		}
	}
	return s == ""
}

// valid6 reports whether s is an IPv6 address: eight groups of up to four hexadecimal digits, separated by colons. One
// "::" may stand for missing groups, an IPv4 address for the last two. A zone may follow.
func valid6(s string) bool {
	if i := strings.IndexByte(s, '%'); i >= 0 {
		if i == len(s)-1 {
			return false
		}
		s = s[:i]
	}
	gap, groups := false, 0
	if strings.HasPrefix(s, "::") {
		gap, s = true, s[2:]
	}
	for s != "" {
		n := 0
		for n < len(s) && hexadecimal(s[n]) {
			n++
		}
		if n < len(s) && s[n] == '.' {
			// The rest is an IPv4 address, which stands for the last two groups.
			groups += 2
			return valid4(s) && complete(groups, gap)
		}
		if groups++; n == 0 || n > 4 || groups > 8 {
			return false
		}
		if s = s[n:]; s == "" {
			break
		}
		if s[0] != ':' || len(s) == 1 {
			return false
		}
		if s = s[1:]; s[0] == ':' {
			if gap {
				return false
			}
			gap, s = true, s[1:]
		}
	}
	return complete(groups, gap)
}

// complete reports whether there are eight groups, or fewer and a gap ("::").
func complete(groups int, gap bool) bool {
	return gap == (groups < 8) && groups <= 8
}

func hexadecimal(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
