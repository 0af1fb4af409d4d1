package widget

import "testing"

func TestParsePhone(t *testing.T) {
	for _, tt := range []struct{ in, country, want string }{
		{"+15551234567", "", "+15551234567"}, // the documentation's own example
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
		{"030/123 45 67", "DE", "+49301234567"},
		{"06 12 34 56 78", "FR", "+33612345678"},
		{"06 1234 5678", "IT", "+390612345678"}, // Italy keeps its 0
		{"612 345 678", "ES", "+34612345678"},
		{"8 (495) 123-45-67", "RU", "+74951234567"},
		{"06 1 234 5678", "HU", "+3612345678"},
		{"٠٥٠١٢٣٤٥٦٧", "SA", "+966501234567"},
		{"０３-１２３４-５６７８", "JP", "+81312345678"},
		{"‎+972 50-123-4567", "", "+972501234567"},
		{"tel:+12025550123", "", "+12025550123"},
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
		got, ok := ParsePhone(tt.in, tt.country)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("ParsePhone(%q, %q) = %q, %v; want %q", tt.in, tt.country, got, ok, tt.want)
		}
	}
}

func TestPhoneExamplesAreUnderstood(t *testing.T) {
	for _, country := range []string{"", "US", "GB", "DE", "FR", "IT", "IN", "JP", "BR"} {
		if _, ok := ParsePhone(PhoneExample(country), country); !ok {
			t.Errorf("%s: the example %q is not understood", country, PhoneExample(country))
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
		got, ok := ParsePhone(s, country)
		if !ok {
			return
		}
		if again, ok := ParsePhone(got, ""); !ok || again != got || len(got) > 16 {
			t.Fatalf("ParsePhone(%q, %q) = %q, which reads as %q", s, country, got, again)
		}
	})
}
