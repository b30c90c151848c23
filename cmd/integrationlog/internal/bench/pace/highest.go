// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pace // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/bench/pace"

// Step and halvings say how the highest rate is searched: by how much each try is above
// the one before while tries succeed, and how often what is left is halved then.
const (
	step     = 1.5
	halvings = 3
)

// Highest returns the highest rate at which once succeeds, to a tenth or better, beginning at
// a rate. It returns 0 where even that fails. A rate at which it fails is tried twice: what
// else the machine did may have been at fault.
func Highest(begin float64, once func(rate float64) bool) float64 {
	try := func(rate float64) bool {
		good := once(rate)
		return good || once(rate)
	}
	good, bad := 0.0, begin
	for try(bad) {
		good, bad = bad, bad*step
	}
	if good == 0 {
		return 0
	}
	for range halvings {
		if middle := (good + bad) / 2; try(middle) {
			good = middle
		} else {
			bad = middle
		}
	}
	return good
}
