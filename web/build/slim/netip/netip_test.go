package netip_test

import (
	std "net/netip"
	"testing"

	slim "plurachat/web/build/slim/netip"
)

var addresses = []string{
	"", "1", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
	"1:2:3::5:6:7:8", "1::2::3", ":::", ":1", "1:", "1:2:", ":", "12345::", "g::", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
	"192.0.2.1", "192.0.2", "192.0.2.1.", "256.1.1.1", "01.2.3.4", "1.2.3.04", "1.2.3.4.5", ".1.2.3", "0.0.0.0", "1..2.3", "1.2.3.4%a",
	"::ffff:192.0.2.1", "::192.0.2.1", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4", "::1.2.3.4:5", "1.2.3.4::", "::1.2.3",
	"1:2:3:4:5::1.2.3.4", "1:2:3:4:5:6::1.2.3.4", "::12345.2.3.4", "::a.2.3.4", "::01.2.3.4",
	"fe80::1%eth0", "fe80::1%", "%eth0", "fe80::1%a%b", "::1%é", "fe80::%1.2.3.4",
}

func check(t *testing.T, s string) {
	t.Helper()
	want, wantErr := std.ParseAddr(s)
	got, err := slim.ParseAddr(s)
	if (err == nil) != (wantErr == nil) || got.Is4() != want.Is4() {
		t.Errorf("ParseAddr(%q) = IPv4 %v, %v; the standard library says %v, %v", s, got.Is4(), err, want, wantErr)
	}
}

func TestParseAddrAgreesWithStandard(t *testing.T) {
	for _, s := range addresses {
		check(t, s)
	}
}

func FuzzParseAddr(f *testing.F) {
	for _, s := range addresses {
		f.Add(s)
	}
	f.Fuzz(check)
}
