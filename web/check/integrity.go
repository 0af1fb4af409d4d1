package check

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"plurachat/web/build"
)

// Steps of the files' contents.
const (
	stepIntegrity = "integrity"
	stepPin       = "pinned script"
)

// integrity checks that each file has the bytes that its name, integrity.json and the tag promise.
func (c *filesCheck) integrity() {
	const doc = "each file has the bytes of its hash"
	advice := "publish all files of one build again; the widget does not run files that were altered"
	c.each(stepIntegrity, doc, "%d files are as built", advice, c.judgeBytes)
	if c.tag.attributes["integrity"] == "" {
		return
	}
	const docPin = "the hashed name, and crossorigin"
	_, crossing := c.tag.attributes["crossorigin"]
	switch {
	case c.cross(c.all[0]) && !crossing:
		c.wrong(stepPin, docPin, "crossorigin is missing, so browsers refuse the script", `add crossorigin="anonymous"`)
	case !build.Hashed(c.all[0].name):
		c.odd(stepPin, docPin, "the name has no hash",
			"name the script by its hashed name; the next release breaks this tag")
	default:
		c.right(stepPin, docPin, "both")
	}
}

// judgeBytes compares the bytes of one file with its hashes.
func (c *filesCheck) judgeBytes(f *file) (Verdict, string) {
	short, long := sha256.Sum256(f.data), sha512.Sum384(f.data)
	digest := "sha384-" + base64.StdEncoding.EncodeToString(long[:])
	// The files of words share one hash, that of all of them. The two modules that the loader loads share one, too, and
	// the loader has their digests.
	if build.Hashed(f.name) && path.Ext(f.name) != ".json" &&
		!strings.Contains(f.name, "-"+hex.EncodeToString(short[:4])+".") &&
		!bytes.Contains(c.all[0].data, []byte("sha256-"+base64.StdEncoding.EncodeToString(short[:]))) {
		return Wrong, "altered"
	}
	if want := c.digests[f.name]; want != "" && want != digest {
		return Wrong, "not as in " + integrityName
	}
	if pinned := c.tag.attributes["integrity"]; f == c.all[0] && pinned != "" && !pinnedTo(pinned, f.data) {
		return Wrong, "not as in the tag"
	}
	return Right, ""
}

// pinnedTo reports whether one of the digests of an attribute integrity is that of the data.
func pinnedTo(attribute string, data []byte) bool {
	s256, s384, s512 := sha256.Sum256(data), sha512.Sum384(data), sha512.Sum512(data)
	sums := map[string][]byte{"sha256": s256[:], "sha384": s384[:], "sha512": s512[:]}
	return slices.ContainsFunc(strings.Fields(attribute), func(one string) bool {
		kind, text, _ := strings.Cut(one, "-")
		sum, err := base64.StdEncoding.DecodeString(text)
		return err == nil && sums[kind] != nil && bytes.Equal(sum, sums[kind])
	})
}
