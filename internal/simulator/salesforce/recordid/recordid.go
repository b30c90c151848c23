// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package recordid makes the ids of Salesforce's records: 15 characters that tell
// upper from lower case, and the form with 18, whose last three say which of them are
// upper case.
//
// https://help.salesforce.com/s/articleView?id=000383751&type=1
package recordid // import "github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"

import "strings"

const (
	digits   = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	checksum = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	short    = 15
)

// The first characters of an id tell what it is of.
const (
	Account      = "001"
	Contact      = "003"
	User         = "005"
	Lead         = "00Q"
	Organization = "00D"
	Case         = "500"
	LogFile      = "0AT"
)

// New returns the 18 characters of the n-th id of a kind.
func New(prefix string, n int) string {
	number := make([]byte, 0, short)
	for ; n > 0; n /= len(digits) {
		number = append([]byte{digits[n%len(digits)]}, number...)
	}
	// Real ids have their instance and a reserved character after the prefix.
	head := prefix + "Kj0"
	return Long(head + strings.Repeat("0", short-len(head)-len(number)) + string(number))
}

// Long returns the form with 18 characters. Ids of other lengths stay as they are.
func Long(id string) string {
	if len(id) != short {
		return id
	}
	long := []byte(id)
	for group := 0; group < short; group += 5 {
		index := 0
		for i := range 5 {
			if c := id[group+i]; c >= 'A' && c <= 'Z' {
				index |= 1 << i
			}
		}
		long = append(long, checksum[index])
	}
	return string(long)
}

// Short returns the form with 15 characters.
func Short(id string) string { return id[:min(len(id), short)] }
