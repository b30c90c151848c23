// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"

import (
	"flag"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
	"github.com/integrationlog/integrationlog/internal/words"
)

// CheckEntries posts each fixture and compares the records with the expected ones. Posted
// again, it must leave no more of them, unless nothing tells its posts apart.
func CheckEntries(t *testing.T, factory receiver.Factory) {
	t.Helper()
	for directory, request := range fixtures(t) {
		t.Run(filepath.Base(directory), func(t *testing.T) {
			first := webhooktest.Start(t, subject(factory), nil)
			require.Equal(t, http.StatusOK, first.Post(t, request).Code)
			require.Len(t, first.Sink.AllLogs(), 1)
			logs := first.Sink.AllLogs()[0]
			webhooktest.RequireValid(t, logs, "product", "activity.type", "activity.evidence", "activity.id")
			for _, record := range webhooktest.Records(logs) {
				requireSentence(t, record)
			}
			if ids := madeUpIDs(logs); ids > 0 {
				requireGolden(t, directory, logs)
				require.Equal(t, http.StatusOK, first.Post(t, request).Code, "delivered again")
				require.Equal(t, logs.LogRecordCount()+ids, first.Sink.LogRecordCount(), "what has no id of its own is doubled")
				return
			}
			webhooktest.Start(t, subject(factory), nil).CheckGolden(t, directory, request)
		})
	}
}

// dictionary is that of the severity processor, which finds the errors out behind the receiver.
var dictionary = words.NewDictionary(nil)

// requireSentence requires that an admin needs no details to understand a failure.
func requireSentence(t *testing.T, record plog.LogRecord) {
	t.Helper()
	sentence := record.Body().Str()
	require.NotRegexp(t, `[\n\r\t]|[.:;,] ?:|: *$|\(\)|  `, sentence, "it reads well")
	attributes := record.Attributes().AsRaw()
	if attributes[activity.ErrorTypeKey] == nil {
		status, _ := attributes[activity.StatusKey].(string)
		require.NotEqual(t, activity.Error, dictionary.WordOrCode(status).Status, "an error has a type")
		return
	}
	cause := strings.Join(strings.Fields(attributes[activity.ErrorMessageKey].(string)), " ")
	require.Contains(t, sentence, cause, "why it failed")
	require.Equal(t, 1, strings.Count(sentence, cause), "it is said once")
	if code, ok := attributes[activity.HTTPStatusCodeKey].(int64); ok {
		require.Contains(t, sentence, strconv.FormatInt(code, 10))
		require.Contains(t, strings.ToLower(sentence), strings.ToLower(http.StatusText(int(code))))
	}
}

// madeUp is the form of the ids that the intake makes up. The expected records have
// placeholder instead.
var madeUp = regexp.MustCompile(`^[A-Z2-7]{26}$`)

const placeholder = "made up by the receiver"

func madeUpIDs(logs plog.Logs) (n int) {
	for _, record := range webhooktest.Records(logs) {
		if id, _ := record.Attributes().Get(activity.IDKey); madeUp.MatchString(id.Str()) {
			n++
		}
	}
	return n
}

// requireGolden is [webhooktest.Running.CheckGolden] for records whose ids are made up.
func requireGolden(t *testing.T, directory string, logs plog.Logs) {
	t.Helper()
	actual := plog.NewLogs()
	logs.CopyTo(actual)
	for _, record := range webhooktest.Records(actual) {
		record.SetObservedTimestamp(0)
		if id, _ := record.Attributes().Get(activity.IDKey); madeUp.MatchString(id.Str()) {
			id.SetStr(placeholder)
		}
	}
	file := filepath.Join(directory, "expected.yaml")
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, golden.WriteLogsToFile(file, actual))
	}
	expected, err := golden.ReadLogs(file)
	require.NoError(t, err)
	require.NoError(t, plogtest.CompareLogs(expected, actual))
}
