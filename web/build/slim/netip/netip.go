// Package netip stands in for net/netip in the WebAssembly build.
//
// net/url asks it one question, whether what stands between brackets in a URL is an IPv6 address. The
// standard package answers with values that share their zones' names, through package unique, weak
// pointers, a concurrent map and a goroutine that cleans it. This package answers yes or no, and the
// tests hold it against the standard one.
package netip

import (
	"errors"
	"strings"
)

// Addr is an address that was found valid. It remembers its kind only.
type Addr struct {
	is4 bool
}

// Is4 reports whether the address is an IPv4 address, written with dots and nothing else.
func (a Addr) Is4() bool { return a.is4 }

var errAddr = errors.New("not an IP address")

// ParseAddr reports by its error whether s is an address: IPv4 ("192.0.2.1"), IPv6 ("2001:db8::68"), or
// IPv6 with a zone ("fe80::1cc0:3e8c:119f:c2e1%ens18").
func ParseAddr(s string) (Addr, error) {
	// The first of these characters says what is meant.
	switch i := strings.IndexAny(s, ".:%"); {
	case i >= 0 && s[i] == '.' && valid4(s):
		return Addr{is4: true}, nil
	case i >= 0 && s[i] == ':' && valid6(s):
		return Addr{}, nil
	}
	return Addr{}, errAddr
}

// valid4 reports whether s is four decimal numbers up to 255 without leading zeros, with dots between.
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

// valid6 reports whether s is eight groups of up to four hexadecimal digits with colons between, where
// one "::" stands for the missing groups and an IPv4 address may stand for the last two; and a zone.
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
			// An embedded IPv4 address ends it; without a gap it must be the last two groups.
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

// complete reports whether the groups are eight, or fewer with a gap that stands for at least one.
func complete(groups int, gap bool) bool {
	return gap == (groups < 8) && groups <= 8
}

func hexadecimal(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
