package chat

import (
	"slices"
	"strings"

	"plurachat/protocol/strictjson"
	"plurachat/widget/backend"
)

// initialise requests a session with lead data. The site owner's metadata and the visitor's attribution complete it. They
// are not part of the digest: by it a session is initialised once for each person, and not for each page.
func (c *Chat) initialise(lead string) {
	record := completed(lead, c.o.Metadata, c.o.Attribution)
	c.command(backend.Command{Kind: backend.Identify, Text: record, Digest: digest(lead)})
}

// completed returns a JSON object with the members of others that it lacks. The members of earlier objects win.
func completed(object string, others ...string) string {
	v, err := strictjson.Parse(object)
	if err != nil || len(v.Keys()) == 0 {
		return object
	}
	has := slices.Clone(v.Keys())
	out := []byte(strings.TrimSuffix(v.Raw(), "}"))
	for _, other := range others {
		o, _ := strictjson.Parse(other) // an empty text has no keys
		for i, key := range o.Keys() {
			if !slices.Contains(has, key) {
				has = append(has, key)
				out = strictjson.AppendString(append(out, ','), key)
				out = append(append(out, ':'), o.Items()[i].Raw()...)
			}
		}
	}
	return string(out) + "}"
}
