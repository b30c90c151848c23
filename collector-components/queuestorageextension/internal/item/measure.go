// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package item // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"

import (
	"encoding/binary"

	"go.opentelemetry.io/collector/pipeline"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/integrationlog/integrationlog/internal/seal"
)

// The queue wraps a request into a message of its own (pdata/xpdata/request): a
// version, the context, and the OTLP message.
const (
	versionTag   = 0x0D // field 1, fixed32
	version      = 1
	versionSize  = 5
	requestField = 3
)

// Fields of OTLP's LogsData and TracesData, which have the same numbers.
const (
	resourcesField = 1
	scopesField    = 2
	recordsField   = 2
)

// Size is what a queue counts an item as.
type Size struct {
	// Bytes is the size of the OTLP message, what the queue's bytes sizer gives.
	Bytes int64
	// Records is the number of log records or spans, what its items sizer gives.
	// It is 0 for signals that are not counted here, see [Countable].
	Records int64
}

// Countable tells whether [Measure] can count the records of a signal.
func Countable(signal string) bool {
	return signal == pipeline.SignalLogs.String() || signal == pipeline.SignalTraces.String()
}

// Measure returns the size of a stored item without decoding it: it reads no more
// than the headers of the nested messages. Of a damaged item it counts what it can.
func Measure(signal string, stored []byte) Size {
	payload := seal.Payload(stored)
	message := payload
	if isWrapped(payload) {
		message = nil
		eachMessage(payload, requestField, func(m []byte) { message = m })
	}
	size := Size{Bytes: int64(len(message))}
	if !Countable(signal) {
		return size
	}
	eachMessage(message, resourcesField, func(resource []byte) {
		eachMessage(resource, scopesField, func(scope []byte) {
			eachMessage(scope, recordsField, func([]byte) { size.Records++ })
		})
	})
	return size
}

func isWrapped(payload []byte) bool {
	return len(payload) >= versionSize && payload[0] == versionTag &&
		binary.LittleEndian.Uint32(payload[1:versionSize]) == version
}

// eachMessage calls visit with every value of one length-delimited field; it stops
// where the message is not well formed.
func eachMessage(message []byte, field protowire.Number, visit func([]byte)) {
	for len(message) > 0 {
		number, wireType, length := protowire.ConsumeTag(message)
		if length < 0 {
			return
		}
		message = message[length:]
		if number == field && wireType == protowire.BytesType {
			value, n := protowire.ConsumeBytes(message)
			if n < 0 {
				return
			}
			visit(value)
			message = message[n:]
			continue
		}
		n := protowire.ConsumeFieldValue(number, wireType, message)
		if n < 0 {
			return
		}
		message = message[n:]
	}
}
