package words

import (
	"strings"

	"plurachat/protocol/strictjson"
)

// Fault is a member of a layer that [New] does not use.
type Fault struct {
	Key     string
	Allowed string // what may stand there: the key that is most similar, or "a text"
}

// mostFaults limits the faults that Check returns: a console is no place for more.
const mostFaults = 8

// Check returns the members of a layer that have no effect: their keys do not exist, or their values are not texts.
func Check(layer string) (faults []Fault) {
	given, _ := strictjson.Parse(layer) // invalid JSON has no keys
	known, _ := strictjson.Parse(english)
	for i, key := range given.Keys() {
		switch {
		case len(faults) == mostFaults:
			return faults
		case !isKey(known.Keys(), key):
			faults = append(faults, Fault{key, nearest(known.Keys(), key)})
		case given.Items()[i].Kind() != strictjson.String:
			faults = append(faults, Fault{key, "a text"})
		}
	}
	return faults
}

// isKey reports whether a key exists, in English or with a plural category of another language.
func isKey(known []string, key string) bool {
	word, category, plural := strings.Cut(key, ".")
	for _, k := range known {
		if k == key {
			return true
		}
		if w, _, ok := strings.Cut(k, "."); ok && plural && w == word {
			switch category {
			case "zero", "two", "few", "many":
				return true
			}
		}
	}
	return false
}

// nearest returns the key that is most similar to another one.
func nearest(known []string, key string) string {
	key = key[:min(len(key), 40)]
	best, least := "", 1000
	for _, k := range known {
		word, _, _ := strings.Cut(k, ".")
		if d := min(Distance(k, key), 1+Distance(word, key)); d < least {
			best, least = k, d
		}
	}
	return best
}

// Distance returns twice the number of letters that must be inserted, deleted or replaced to make b of a; letters of
// another case count as half.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = 2 * j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = 2 * (i + 1)
		for j := range len(b) {
			cost := 2
			if a[i] == b[j] {
				cost = 0
			} else if a[i]|0x20 == b[j]|0x20 {
				cost = 1
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+2, row[j+1]+2)
		}
	}
	return row[len(b)]
}
