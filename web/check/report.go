package check

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"plurachat/protocol"
)

// Verdict says how what was observed compares to the documentation.
type Verdict string

// The verdicts.
const (
	Right   Verdict = "right"
	Odd     Verdict = "odd"     // differs from the documentation, but the widget works
	Wrong   Verdict = "wrong"   // the widget does not work, or works worse than it should
	Skipped Verdict = "skipped" // was not checked
)

// Finding is one line of a report.
type Finding struct {
	Step       string  `json:"step"`
	Documented string  `json:"documented"`
	Observed   string  `json:"observed"`
	Verdict    Verdict `json:"verdict"`
	Advice     string  `json:"advice,omitempty"` // what to do; empty if the verdict is Right
}

// Report is the result of a check.
type Report struct {
	Findings []Finding `json:"findings"`
}

// Failed reports whether something is wrong.
func (r Report) Failed() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Verdict == Wrong })
}

// Find returns the finding of a step, and whether there is one.
func (r Report) Find(step string) (Finding, bool) {
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Step == step })
	if i < 0 {
		return Finding{}, false
	}
	return r.Findings[i], true
}

// Count returns the number of findings with a verdict.
func (r Report) Count(v Verdict) int {
	n := 0
	for _, f := range r.Findings {
		if f.Verdict == v {
			n++
		}
	}
	return n
}

// WriteJSON writes the report as one JSON object.
func (r Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(struct {
		OK       bool      `json:"ok"`
		Findings []Finding `json:"findings"`
	}{!r.Failed(), append([]Finding{}, r.Findings...)}); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// WriteText writes the finding as a few lines of text. A finding that is right has no line of advice.
func (f Finding) WriteText(w io.Writer) error {
	text := fmt.Sprintf("%-7s  %s\n         documented: %s\n         observed:   %s\n",
		f.Verdict, f.Step, f.Documented, f.Observed)
	if f.Advice != "" {
		text += "         what to do: " + f.Advice + "\n"
	}
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// recorder collects the findings of a check. Its methods may be called by several goroutines.
type recorder struct {
	ctx   context.Context
	mu    sync.Mutex
	heard func(Finding)
	phone string // the digits of a phone number, which servers may repeat in another form; empty: none
	list  []Finding
}

// add adds a finding, unless the check was stopped: what it has waited for may have come later. It masks session ids
// and phone numbers, and shortens what a server may have made long.
func (r *recorder) add(step, documented, observed string, verdict Verdict, advice string) {
	if r.ctx.Err() != nil {
		return
	}
	if r.phone != "" {
		observed = strings.ReplaceAll(observed, r.phone, masked(r.phone))
	}
	f := Finding{step, clean(documented), clean(observed), verdict, clean(advice)}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, f)
	if r.heard != nil {
		r.heard(f)
	}
}

// right adds a finding that is as documented.
func (r *recorder) right(step, documented, observed string) {
	r.add(step, documented, observed, Right, "")
}

// odd adds a finding with which the widget copes.
func (r *recorder) odd(step, documented, observed, advice string) {
	r.add(step, documented, observed, Odd, advice)
}

// wrong adds a finding that is wrong.
func (r *recorder) wrong(step, documented, observed, advice string) {
	r.add(step, documented, observed, Wrong, advice)
}

// skip adds a finding for what was not checked.
func (r *recorder) skip(step, documented, why string) { r.add(step, documented, why, Skipped, "") }

// report returns what was found so far.
func (r *recorder) report() Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Report{slices.Clone(r.list)}
}

// textAtMost is the largest number of characters of each text in a finding.
const textAtMost = 400

var (
	sessionPattern = regexp.MustCompile(`(?i)` + regexp.QuoteMeta(protocol.SessionPrefix) + `[0-9a-f-]+`)
	phonePattern   = regexp.MustCompile(`\+[1-9]\d{6,14}`)
	uuidPattern    = regexp.MustCompile(`(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-([0-9a-f]{8})([0-9a-f]{4})`)
)

// masked returns the last two digits of a phone number.
func masked(phone string) string { return "…" + phone[max(0, len(phone)-2):] }

// clean returns a text as it may be printed: on one line, shortened, and without whole ids and phone numbers.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	text = sessionPattern.ReplaceAllStringFunc(text, func(s string) string { return protocol.SessionID(s).Masked() })
	text = uuidPattern.ReplaceAllString(text, "…$3")
	text = phonePattern.ReplaceAllStringFunc(text, masked)
	if runes := []rune(text); len(runes) > textAtMost {
		text = string(runes[:textAtMost]) + "…"
	}
	return text
}
