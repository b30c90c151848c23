// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

// The attributes by the names that Loki gives them.
var (
	namespaceName   = lokiName(activity.ServiceNamespaceKey)
	productName     = lokiName(activity.ProductKey)
	statusName      = lokiName(activity.StatusKey)
	typeName        = lokiName(activity.TypeKey)
	evidenceName    = lokiName(activity.EvidenceKey)
	integrationName = lokiName(activity.IntegrationNameKey)
	accountName     = lokiName(activity.AccountKey)
	idName          = lokiName(activity.IDKey)
	objectTypeName  = lokiName(activity.ObjectTypeKey)
	objectIDName    = lokiName(activity.ObjectIDKey)
	errorTypeName   = lokiName(activity.ErrorTypeKey)
	errorCodeName   = lokiName(activity.ErrorCodeKey)
	errorTextName   = lokiName(activity.ErrorMessageKey)
	httpStatusName  = lokiName(activity.HTTPStatusCodeKey)
)

// lokiName is the name that Loki gives an attribute of OTLP.
func lokiName(attribute string) string { return strings.ReplaceAll(attribute, ".", "_") }

// record is an entry and its place among the others.
type record struct {
	key
	line       string
	attributes map[string]string
}

// newRecord merges the labels of an entry's stream and its metadata. What Loki added for
// itself is left out: it may differ between copies of one entry.
func newRecord(labels map[string]string, entry lokiapi.Entry) record {
	attributes := make(map[string]string, len(labels)+len(entry.Metadata))
	for _, pairs := range []map[string]string{entry.Metadata, labels} {
		for name, value := range pairs {
			if !strings.HasPrefix(name, "__") {
				attributes[name] = value
			}
		}
	}
	return record{
		key:        key{time: entry.Time, id: orderedID(attributes[idName]), digest: digest(attributes, entry.Line)},
		line:       entry.Line,
		attributes: attributes,
	}
}

// digest tells entries apart that share a time and an id. Loki keeps one of those that
// are the same in all parts.
func digest(attributes map[string]string, line string) (sum [digestSize]byte) {
	var content []byte
	add := func(part string) {
		content = binary.AppendUvarint(content, uint64(len(part)))
		content = append(content, part...)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		add(name)
		add(attributes[name])
	}
	add(line)
	full := sha256.Sum256(content)
	copy(sum[:], full[:])
	return sum
}

func (r *record) activity() activities.Activity {
	a := r.attributes
	code, err := strconv.Atoi(a[httpStatusName])
	if err != nil {
		code = 0
	}
	return activities.Activity{
		Time:           time.Unix(0, r.time).UTC(),
		Position:       r.position(),
		Product:        a[productName],
		Status:         a[statusName],
		Description:    r.line,
		Type:           a[typeName],
		Evidence:       a[evidenceName],
		Integration:    a[integrationName],
		Account:        a[accountName],
		ID:             a[idName],
		ObjectType:     a[objectTypeName],
		ObjectID:       a[objectIDName],
		ErrorType:      a[errorTypeName],
		ErrorCode:      a[errorCodeName],
		ErrorMessage:   a[errorTextName],
		HTTPStatusCode: code,
		Attributes:     a,
	}
}

// toActivities makes activities of records.
func toActivities(records []record) []activities.Activity {
	list := make([]activities.Activity, len(records))
	for i := range records {
		list[i] = records[i].activity()
	}
	return list
}
