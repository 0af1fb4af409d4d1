package protocol

import (
	"strings"
	"testing"

	"plurachat/protocol/strictjson"
)

// scrub removes lead data in each form in which a server may repeat it.
func TestScrub(t *testing.T) {
	for _, c := range []struct{ record, message, want string }{
		{`{"first_name":"Ann","last_name":"Annabel"}`, "Annabel is known", "… is known"},
		{`{"last_name":"Annabel","first_name":"Ann"}`, "Ann Annabel", "… …"},
		{`{"a":{"b":["Al","Alfred"]}}`, "Alfred, al", "…, …"},
		{`{"email":"Ada@Example.com"}`, "user ada@example.COM exists", "user … exists"},
		{`{"first_name":"Ångström"}`, "no ÅNGSTRÖM", "no …"},
		{`{"first_name":" Ada "}`, "hello Ada!", "hello …!"},
		{`{"phone":"+12025550123"}`, "phone +12025550123 is blocked", "phone … is blocked"},
		{`{"phone":"+12025550123"}`, "phone 12025550123 is blocked", "phone … is blocked"},
		{`{"phone":"+12025550123"}`, "phone (202) 555-0123 is blocked", "phone (… is blocked"},
		{`{"phone":"+12025550123"}`, "phone +1 202.555.0123 is blocked", "phone +… is blocked"},
		{`{"phone":"+12025550123"}`, "phone 2025550123", "phone …"},
		{`{"phone":"+12025550123"}`, "local 555 01 23, try 3", "local …, try 3"},
		{`{"phone":"+12025550123"}`, "1\u00a0202\u2011555\u20110123", "…"},
		{`{"phone":"+442071838750"}`, "0044 20 7183 8750", "…"},
		{`{"phone":"+442071838750"}`, "020 7183 8750", "…"},
		{`{"phone":12025550123}`, "202-555-0123", "…"},
		{`{"phone":"+12025550123"}`, "status 409 at 2026-11-26 07:09:45, code 1234567", "status 409 at 2026-11-26 07:09:45, code 1234567"},
		{`{"zip":94110}`, "zip 94110", "zip …"},
		{`{"a":"x"}`, "x stays: one letter tells nothing", "x stays: one letter tells nothing"},
		{`{"a":"\u2026"}`, "a … b", "a … b"},
		{`{}`, "plain", "plain"},
	} {
		v, err := strictjson.Parse(c.record)
		if err != nil {
			t.Fatal(err)
		}
		if got := scrub(c.message, v); got != c.want {
			t.Errorf("scrub(%q, %s) = %q, want %q", c.message, c.record, got, c.want)
		}
	}
}

// The result is not longer than the message, and a long message does not take long.
func TestScrubIsBounded(t *testing.T) {
	v, err := strictjson.Parse(`{"phone":"+12025550123","notes":"` + strings.Repeat("a", 1000) + `b"}`)
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range []string{"a", "1", "1 ", "+", "2025550123", "é"} {
		message := strings.Repeat(unit, 64<<10/len(unit))
		if got := scrub(message, v); len(got) > len(message) {
			t.Errorf("%q grew from %d to %d", unit, len(message), len(got))
		}
	}
}
