// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

// Variables that make this binary a Loki, so that its memory is not that of the reader.
const (
	lokiDirectory = "LOGPAGETEST_LOKI_DIRECTORY"
	lokiEndpoint  = "LOGPAGETEST_LOKI_ENDPOINT"
)

// runLoki runs a Loki with the project's own configuration until its input ends, as it
// does when the test is over, however it ends.
func runLoki(directory, endpoint string) error {
	ctx := context.Background()
	factory := embeddedlokiextension.NewFactory()
	cfg := factory.CreateDefaultConfig().(*embeddedlokiextension.Config)
	cfg.Directory, cfg.HTTP.Endpoint, cfg.GRPC.Endpoint = directory, endpoint, "127.0.0.1:0"
	extension, err := factory.Create(ctx, extensiontest.NewNopSettings(factory.Type()), cfg)
	if err == nil {
		err = extension.Start(ctx, componenttest.NewNopHost())
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, extension.Shutdown(ctx))
}

// loki is the address of a Loki in a process of its own.
type loki string

// pids are the processes of those that were started.
var pids sync.Map

// startLoki starts a Loki that keeps its data in a directory.
func startLoki(tb testing.TB, directory string) loki {
	tb.Helper()
	endpoint := fmt.Sprintf("127.0.0.1:%d", harness.FreePort(tb))
	l := loki("http://" + endpoint)
	binary, err := os.Executable()
	require.NoError(tb, err)
	var output bytes.Buffer
	command := exec.Command(binary)
	command.Env = append(os.Environ(), lokiDirectory+"="+directory, lokiEndpoint+"="+endpoint)
	command.Stdout, command.Stderr = &output, &output
	input, err := command.StdinPipe()
	require.NoError(tb, err)
	require.NoError(tb, command.Start())
	pids.Store(l, command.Process.Pid)
	tb.Cleanup(func() {
		require.NoError(tb, input.Close())
		require.NoError(tb, command.Wait(), output.String())
	})
	require.Eventually(tb, l.isReady, time.Minute, 50*time.Millisecond)
	return l
}

func (l loki) isReady() bool {
	response, err := http.Get(string(l) + "/ready")
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// reader returns the reader of the log page.
func (l loki) reader(tb testing.TB) logpagetest.Reader {
	tb.Helper()
	reader, err := logpagetest.NewReader(&http.Client{Timeout: time.Minute}, string(l))
	require.NoError(tb, err)
	return reader
}

// post sends a request that Loki has to take.
func (l loki) post(tb testing.TB, path string, payload []byte) {
	tb.Helper()
	response, err := http.Post(string(l)+path, "application/x-protobuf", bytes.NewReader(payload))
	require.NoError(tb, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(tb, err)
	require.Equal(tb, http.StatusNoContent, response.StatusCode, string(text))
}

// push stores activities as the exporter does.
func (l loki) push(tb testing.TB, activities ...logpagetest.Activity) {
	tb.Helper()
	const most = 4000
	for len(activities) > 0 {
		n := min(most, len(activities))
		payload, err := plogotlp.NewExportRequestFromLogs(logsOf(activities[:n])).MarshalProto()
		require.NoError(tb, err)
		l.post(tb, "/otlp/v1/logs", payload)
		activities = activities[n:]
	}
}

// logsOf makes OTLP of activities: neighbours of one product and account share a resource.
func logsOf(activities []logpagetest.Activity) plog.Logs {
	logs := plog.NewLogs()
	var records plog.LogRecordSlice
	for i := range activities {
		a := &activities[i]
		if i == 0 || a.Product != activities[i-1].Product || a.Account != activities[i-1].Account {
			resource := logs.ResourceLogs().AppendEmpty()
			resource.Resource().Attributes().PutStr("service.name", a.Product)
			resource.Resource().Attributes().PutStr("service.namespace", "integrations")
			put(resource.Resource().Attributes(), "integration.account", a.Account)
			records = resource.ScopeLogs().AppendEmpty().LogRecords()
		}
		fill(records.AppendEmpty(), a)
	}
	return logs
}

func fill(record plog.LogRecord, a *logpagetest.Activity) {
	record.SetTimestamp(pcommon.NewTimestampFromTime(a.Time))
	record.Body().SetStr(a.Description)
	code := ""
	if a.HTTPStatusCode != 0 {
		code = strconv.Itoa(a.HTTPStatusCode)
	}
	for _, pair := range [][2]string{
		{"product", a.Product},
		{"status", a.Status},
		{"activity.type", a.Type},
		{"activity.evidence", a.Evidence},
		{"integration.name", a.Integration},
		{"activity.id", a.ID},
		{"activity.object.type", a.ObjectType},
		{"activity.object.id", a.ObjectID},
		{"error.type", a.ErrorType},
		{"error.code", a.ErrorCode},
		{"error.message", a.ErrorMessage},
		{"http.response.status_code", code},
	} {
		put(record.Attributes(), pair[0], pair[1])
	}
}

func put(attributes pcommon.Map, name, value string) {
	if value != "" {
		attributes.PutStr(name, value)
	}
}
