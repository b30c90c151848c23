// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import (
	"bytes"
	"slices"
)

// byteOrderMark is what some editors begin a text with. It is no part of the JSON.
var byteOrderMark = []byte("\uFEFF")

// Instrument adds log steps to the flows of a bundle, and says what it did.
//
// Before each Succeed and Fail, and in the place of each "End": true, there is a step
// that posts how the flow ended. States without a Catch get one only if the options name
// them. The same bundle and options give the same bytes, however often.
func Instrument(source []byte, options Options) ([]byte, *Report, error) {
	text, marked := bytes.CutPrefix(source, byteOrderMark)
	result, report, err := instrument(text, options)
	if err == nil && marked {
		result = slices.Concat(byteOrderMark, result)
	}
	return result, report, err
}

func instrument(source []byte, options Options) ([]byte, *Report, error) {
	before, err := read(source)
	if err != nil {
		return nil, nil, err
	}
	bare, err := withoutOwn(before)
	if err != nil {
		return nil, nil, err
	}
	b, err := read(bare)
	if err != nil {
		return nil, nil, err
	}
	earlier := b.earlierActions(before)
	if err := options.complete(before, b, earlier); err != nil {
		return nil, nil, err
	}
	if err := options.checkCatch(b); err != nil {
		return nil, nil, err
	}
	report := &Report{Integration: options.Integration, caughtAny: len(options.Catch) > 0}
	edits, err := b.placeAction(&options, earlier, report)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range b.flows {
		if err := f.check(); err != nil {
			return nil, nil, err
		}
		if err := b.usesOwnData(f); err != nil {
			return nil, nil, err
		}
		w := &weaver{flow: f, bundle: b, options: options, report: report.flow(f)}
		edits = append(edits, w.weave()...)
	}
	result := b.apply(edits)
	report.Changed = !bytes.Equal(result, source)
	return result, report, nil
}
