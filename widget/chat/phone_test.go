package chat

import (
	"strings"
	"testing"
)

func TestParsePhone(t *testing.T) {
	for _, tt := range []struct{ in, country, want string }{
		{"+15551234567", "", "+15551234567"}, // the example of the documentation
		{"+1 (202) 555-0123", "", "+12025550123"},
		{"(202) 555-0123", "US", "+12025550123"},
		{"1-202-555-0123", "us", "+12025550123"},
		{"202.555.0123", "CA", "+12025550123"},
		{"2025550123", "", ""},
		{"555-0123", "US", ""},
		{"011 44 20 7946 0958", "US", "+442079460958"},
		{"020 7946 0958", "GB", "+442079460958"},
		{"+44 (0)20 7946 0958", "", "+442079460958"},
		{"0044 20 7946 0958", "DE", "+442079460958"},
		{"(+49) 30 123 45 67", "", "+49301234567"},
		{"030/123 45 67", "DE", "+49301234567"},
		{"06 12 34 56 78", "FR", "+33612345678"},
		{"06 1234 5678", "IT", "+390612345678"}, // Italian numbers keep the 0
		{"612 345 678", "ES", "+34612345678"},
		{"8 (495) 123-45-67", "RU", "+74951234567"},
		{"06 1 234 5678", "HU", "+3612345678"},
		{"٠٥٠١٢٣٤٥٦٧", "SA", "+966501234567"},
		{"０３-１２３４-５６７８", "JP", "+81312345678"},
		{"\u200e+972 50-123-4567", "", "+972501234567"},
		{"tel:+12025550123", "", "+12025550123"},
		{"TEL:+1-202-555-0123", "", "+12025550123"},
		{"\u202dTel:+1 202 555 0123\u202c", "", "+12025550123"},
		{"tel:+1-202-555-0123;ext=5", "", "+12025550123"},
		{"tel:2025550123;phone-context=+1", "US", "+12025550123"},
		// Invisible characters, and digits of other scripts.
		{"\u202d+1 (202) 555-0123\u202c", "US", "+12025550123"},
		{"\u2066+1 (202) 555-0123\u2069", "US", "+12025550123"},
		{"\u2067\u2068\u202a\u202b\u202e\u200e\u200f\u061c+1 202 555 0123\u2069\u202c", "", "+12025550123"},
		{"\ufeff+1\u200b202\u200c555\u200d0123\u2060", "", "+12025550123"},
		{"+1\u2007202\u00a0555\u202f0123\u3000", "", "+12025550123"},
		{"\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u1680+1 202 555 0123\r\n", "", "+12025550123"},
		{"+1·202•555・0123", "", "+12025550123"},
		{"+1∙202⋅555‧0123", "", "+12025550123"},
		{"+1—202―555−0123", "", "+12025550123"},
		{"+1\u00ad202\u00ad555\u00ad0123", "", "+12025550123"},
		{"＋１（２０２）５５５．０１２３", "", "+12025550123"},
		{"২০২৫৫৫০১২৩", "US", "+12025550123"},
		{"๒๐๒๕๕๕๐๑๒๓", "US", "+12025550123"},
		{"၂၀၂၅၅၅၀၁၂၃", "US", "+12025550123"},
		{"𝟐𝟎𝟐𝟧𝟧𝟧𝟶𝟷𝟸𝟹", "US", "+12025550123"},
		{"+٤٤ (٠)٢٠ ٧٩٤٦ ٠٩٥٨", "", "+442079460958"},
		{"+44 (\u200e0)20 7946 0958", "", "+442079460958"},
		{"+1 202 555 0123 Ⅷ", "", ""},
		{"+1 202 555 0123 ½", "", ""},
		{"+1 202 555 0123;ext=5", "", ""}, // only tel: URLs have parameters
		{"tel:;ext=5", "US", ""},
		{strings.Repeat("0", 1<<20), "US", ""},
		{strings.Repeat("\u202d", 1<<18) + "+12025550123", "US", ""},
		{"call me", "US", ""},
		{"12 34", "DE", ""},
		{"+0123456789", "", ""},
		{"++12025550123", "", ""},
		{"202+5550123", "US", ""},
		{"+1234567890123456", "", ""},
		{"", "US", ""},
		{"2025550123 ext 5", "US", ""},
		{"2025550123", "ZZ", ""},
	} {
		got, ok := parsePhone(tt.in, tt.country)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("parsePhone(%q, %q) = %q, %v; want %q", tt.in, tt.country, got, ok, tt.want)
		}
	}
}

func TestPhoneExamplesAreUnderstood(t *testing.T) {
	for _, country := range []string{"", "US", "GB", "DE", "FR", "IT", "IN", "JP", "BR"} {
		if _, ok := parsePhone(phoneExample(country), country); !ok {
			t.Errorf("%s: the example %q is not understood", country, phoneExample(country))
		}
	}
}

func TestCallingCodesAreWellFormed(t *testing.T) {
	for i := 0; i+3 < len(callingCodes); {
		country := callingCodes[i+1 : i+3]
		code, _, ok := callingCode(country)
		if !ok || len(code) < 1 || len(code) > 3 || code[0] == '0' {
			t.Fatalf("%q has the code %q", country, code)
		}
		i += 3 + len(code)
	}
}

func FuzzParsePhone(f *testing.F) {
	f.Add("+1 (202) 555-0123", "US")
	f.Add("०१२", "IN")
	f.Fuzz(func(t *testing.T, s, country string) {
		got, ok := parsePhone(s, country)
		if !ok {
			return
		}
		if again, ok := parsePhone(got, ""); !ok || again != got || len(got) > 16 {
			t.Fatalf("parsePhone(%q, %q) = %q, which reads as %q", s, country, got, again)
		}
	})
}
