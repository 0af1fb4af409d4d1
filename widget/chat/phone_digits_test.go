package chat

import (
	"strings"
	"testing"
)

// A number has eight to fifteen digits with its calling code. North American numbers have eleven, and the first one
// after the code is 2 to 9.
func TestPhoneDigitsAreCounted(t *testing.T) {
	for _, c := range []struct{ in, country, want string }{
		{"+4930123", "", ""},                         // 7 digits
		{"+49301234", "", "+49301234"},               // 8 digits
		{"+493012345678901", "", "+493012345678901"}, // 15 digits
		{"+4930123456789012", "", ""},                // 16 digits
		{"030123456789012", "DE", ""},                // 16 digits with the calling code
		{"03012345678901", "DE", "+493012345678901"}, // 15 digits with the calling code
		{"004930123456789012", "DE", ""},
		{"+1202555012", "", ""},
		{"+12025550123", "", "+12025550123"},
		{"+120255501234", "", ""},
		{"+11025550123", "", ""},
		{"+10025550123", "", ""},
		{"+19995550123", "", "+19995550123"},
		{"120255501234", "US", ""},
		{"0", "DE", ""},
		{"+1234567890123456", "", ""},
	} {
		got, ok := parsePhone(c.in, c.country)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("parsePhone(%q, %q) = %q, %v; want %q", c.in, c.country, got, ok, c.want)
		}
	}
}

// The digits of each script are those of Unicode; the characters beside them are no digits.
func TestDigitsOfEachScript(t *testing.T) {
	for _, zero := range []rune{'0', '٠', '۰', '०', '০', '๐', '၀', '０', '𝟎', '𝟘', '𝟶', '𞥐', '߀', '𑁦'} {
		for n := range 10 {
			if got := digit(zero + rune(n)); got != n {
				t.Errorf("%q is %d, want %d", zero+rune(n), got, n)
			}
		}
	}
	for _, r := range "/:aé\u065f\u066a½²Ⅷ文🙂\u0ae5\U0001e94f\U0001e95a\ufffd" {
		if got := digit(r); got != -1 {
			t.Errorf("%q is %d, want none", r, got)
		}
	}
}

// A text of up to 400 bytes is read as a number.
func TestLongPhones(t *testing.T) {
	const number = "+12025550123"
	if _, ok := parsePhone(number+strings.Repeat(" ", 400-len(number)), ""); !ok {
		t.Error("a number of 400 bytes is not read")
	}
	if _, ok := parsePhone(number+strings.Repeat(" ", 401-len(number)), ""); ok {
		t.Error("a number of 401 bytes is read")
	}
}

// The national prefix is removed, in each country's form.
func TestNationalPrefixes(t *testing.T) {
	for _, c := range []struct{ in, country, want string }{
		{"0301234567", "de", "+49301234567"},
		{"301234567", "DE", "+49301234567"},
		{"81234567890", "KZ", "+71234567890"},
		{"0612345678", "HU", "+3612345678"},
		{"612345678", "HU", "+36612345678"},
		{"0612345678", "IT", "+390612345678"},
		{"12025550123", "CA", "+12025550123"},
		{"2025550123", "CA", "+12025550123"},
		{"0012025550123", "DE", "+12025550123"},
		{"01149301234567", "JM", "+49301234567"},
		{"0049301234567", "US", ""}, // 00 is no prefix in North America
		{"0301234567", "D", ""},
		{"0301234567", "DEU", ""},
		{"0301234567", "", ""},
		{"0049301234567", "", "+49301234567"},
	} {
		got, ok := parsePhone(c.in, c.country)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("parsePhone(%q, %q) = %q, %v; want %q", c.in, c.country, got, ok, c.want)
		}
	}
	for country, want := range map[string]string{"": "+1 202 555 0123", "US": "+1 202 555 0123", "DE": "+49 123 456 789", "ZZ": "+1 202 555 0123"} {
		if got := phoneExample(country); got != want {
			t.Errorf("the example for %q is %s", country, got)
		}
	}
}
