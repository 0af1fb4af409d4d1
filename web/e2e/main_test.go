package e2e

import (
	"errors"
	"os"
	"testing"

	"plurachat/web/build"
	"plurachat/web/e2e/suite"
)

// The dist as it is published, which is built once for all tests.
var (
	dist       *build.Dist
	sizes      []build.Sizes
	compressor *build.Compressor
	tempDir    string // is removed after all tests
)

func TestMain(m *testing.M) {
	suite.Main(func(d *build.Dist, c *build.Compressor) (code int, err error) {
		dist, compressor = d, c
		// Compress the files before the tests, because it takes longer than a page waits.
		if sizes, err = dist.Sizes(compressor); err != nil {
			return 0, err
		}
		if tempDir, err = os.MkdirTemp("", "plura-chat"); err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(tempDir)) }()
		defer closeEngines()
		return m.Run(), nil
	})
}
