package protocol

import "time"

const (
	backoffBase  = 4 * time.Second
	backoffLimit = 30 * time.Second
)

// backoff returns the delay before attempt n = 0, 1, 2… to connect again. It
// uses full jitter, so that the clients of a server that restarts do not all
// connect at the same time. If no visitor is waiting, it uses the longest span
// from the first attempt on. r is uniform in [0, 1).
func backoff(n int, waiting bool, r float64) time.Duration {
	span := backoffLimit
	if waiting && n < 3 {
		span = min(span, backoffBase<<n)
	}
	return time.Duration(r * float64(span))
}

// sessionBackoff returns the delay after try n = 0, 1, 2… to initialise a
// session: 2, 4, 8 s as Plura AI's page "Errors" advises, each ± 25 %.
func sessionBackoff(n int, r float64) time.Duration {
	base := 2 * time.Second << min(n, 2)
	return time.Duration(float64(base) * (0.75 + r/2))
}
