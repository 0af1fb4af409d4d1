package chat

import (
	"slices"
	"strconv"
	"strings"

	"plurachat/protocol/strictjson"
	"plurachat/widget/backend"
)

// initialise requests a session with lead data. The site owner's metadata and the visitor's attribution complete it.
// They are not part of the digest: by it a session is initialised once for each person, and not for each page. A record
// that would become too large is sent without them.
func (c *Chat) initialise(lead string) {
	record := completed(lead, c.o.Metadata, c.o.Attribution)
	if len(record) > mostRecord && record != lead {
		record = lead
		if !c.tooMuch {
			c.tooMuch = true
			w := Warning{Attribute: "metadata", Allowed: "with the lead data at most " + strconv.Itoa(mostRecord) + " bytes"}
			if c.o.Metadata == "" {
				w.Attribute = "attribution"
			}
			c.batch.Warnings = append(c.batch.Warnings, w)
		}
	}
	c.command(backend.Command{Kind: backend.Identify, Text: record, Digest: digest(lead)})
}

// completed returns the text of a JSON object with the members of others that it lacks. The members of earlier objects
// win, and within one of the others the last member of a name.
func completed(object string, others ...string) string {
	v, _ := strictjson.Parse(object) // text that is not JSON has no keys
	if len(v.Keys()) == 0 {
		return object
	}
	has := slices.Clone(v.Keys())
	out := []byte(strings.TrimSuffix(strings.TrimSpace(object), "}"))
	n := len(out)
	for _, other := range others {
		o, _ := strictjson.Parse(other)
		keys := o.Keys()
		for i, key := range keys {
			if !slices.Contains(has, key) && !slices.Contains(keys[i+1:], key) {
				has = append(has, key)
				out = strictjson.AppendString(append(out, ','), key)
				out = append(append(out, ':'), o.Items()[i].Raw()...)
			}
		}
	}
	if len(out) == n {
		return object
	}
	return string(out) + "}"
}
