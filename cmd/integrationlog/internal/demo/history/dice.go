// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import (
	"encoding/hex"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"
)

// dice are what chance decides with.
type dice struct{ *rand.Rand }

// newDice returns dice of their own for a purpose, so that what one does not ask does not
// change what the others get.
func newDice(seed uint64, purpose string) dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(purpose))                     // a hash takes everything
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))} //nolint:gosec // made up data, and the same again for the same seed
}

// chance is true with a probability.
func (d dice) chance(probability float64) bool { return d.Float64() < probability }

// between returns a time between two, in whole milliseconds: finer is what no vendor tells.
func (d dice) between(least, most time.Duration) time.Duration {
	return least + time.Duration(d.Int64N(int64(most-least)+1)).Truncate(time.Millisecond)
}

// count returns how often something happens that happens mean times on average (Poisson,
// by Knuth's method: means are small here).
func (d dice) count(mean float64) int {
	limit, product, n := math.Exp(-mean), d.Float64(), 0
	for product > limit {
		product *= d.Float64()
		n++
	}
	return n
}

// hex returns so many random bytes, written in twice as many characters.
func (d dice) hex(size int) string {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(d.Uint32N(256)) //nolint:gosec // it is below 256
	}
	return hex.EncodeToString(b)
}

// uuid returns a version 4 UUID.
func (d dice) uuid() string {
	h := d.hex(16)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}

// pick returns one of several.
func pick[T any](d dice, of ...T) T { return of[d.IntN(len(of))] }
