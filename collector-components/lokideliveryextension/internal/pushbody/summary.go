// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pushbody // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/pushbody"

import (
	"errors"
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/identity"
)

// Fields of OTLP's ExportLogsServiceRequest and what is in it.
const (
	resourcesField = 1
	scopesField    = 2
	recordsField   = 2
	timeField      = 1
	observedField  = 11
)

var errMalformed = errors.New("the push is not a well-formed protobuf message")

// Summary is what decides whether a push has to be decoded.
type Summary struct {
	// Records is the number of records.
	Records int
	// Oldest is the earliest time of a record; the largest one if no record has a time.
	Oldest pcommon.Timestamp
}

func (s *Summary) add(time, observed pcommon.Timestamp) {
	s.Records++
	if time == 0 {
		time = observed
	}
	if time != 0 {
		s.Oldest = min(s.Oldest, time)
	}
}

// Summarize reads the times of a push. It does not decode protobuf, which would cost
// twenty times as much.
func (p Push) Summarize() (Summary, error) {
	s := Summary{Oldest: math.MaxUint64}
	if p.Type == ProtobufType {
		// The scan fills s, so it has to be over before s is returned: a summary without
		// records would keep the push from being sent.
		err := s.scan(p.Plain)
		return s, err
	}
	logs, err := p.Decode()
	if err != nil {
		return s, err
	}
	identity.Each(logs, func(record plog.LogRecord) { s.add(record.Timestamp(), record.ObservedTimestamp()) })
	return s, nil
}

func (s *Summary) scan(push []byte) error {
	return eachMessage(push, resourcesField, func(resource []byte) error {
		return eachMessage(resource, scopesField, func(scope []byte) error {
			return eachMessage(scope, recordsField, s.scanRecord)
		})
	})
}

func (s *Summary) scanRecord(record []byte) error {
	var times [2]pcommon.Timestamp
	for len(record) > 0 {
		number, wireType, n := protowire.ConsumeTag(record)
		if n < 0 {
			return errMalformed
		}
		record = record[n:]
		if wireType == protowire.Fixed64Type && (number == timeField || number == observedField) {
			value, _ := protowire.ConsumeFixed64(record)
			times[min(number-timeField, 1)] = pcommon.Timestamp(value)
		}
		if n = protowire.ConsumeFieldValue(number, wireType, record); n < 0 {
			return errMalformed
		}
		record = record[n:]
	}
	s.add(times[0], times[1])
	return nil
}

// eachMessage calls visit with every value of one length-delimited field.
func eachMessage(message []byte, field protowire.Number, visit func([]byte) error) error {
	for len(message) > 0 {
		number, wireType, n := protowire.ConsumeTag(message)
		if n < 0 {
			return errMalformed
		}
		message = message[n:]
		if number == field && wireType == protowire.BytesType {
			value, _ := protowire.ConsumeBytes(message)
			if err := visit(value); err != nil {
				return err
			}
		}
		if n = protowire.ConsumeFieldValue(number, wireType, message); n < 0 {
			return errMalformed
		}
		message = message[n:]
	}
	return nil
}
