// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/metadata"
)

// emptyLoki takes every push and has nothing. It counts what it is asked.
type emptyLoki struct{ asked int }

// RoundTrip implements http.RoundTripper.
func (l *emptyLoki) RoundTrip(req *http.Request) (*http.Response, error) {
	resp := &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody, Request: req}
	if !strings.HasSuffix(req.URL.Path, logsPath) {
		l.asked++
		resp.StatusCode = http.StatusOK
		resp.Body = io.NopCloser(strings.NewReader(`{"status":"success","data":{"resultType":"streams","result":[]}}`))
	}
	return resp, nil
}

// A process that stood by for an hour knows nothing of what happened in it: another one may
// have sent that.
func TestWhatHappenedWhileItStoodByIsLookedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := createDefaultConfig().(*Config)
		cfg.DeadLetter.Directory = t.TempDir()
		extension, err := newExtension(extensiontest.NewNopSettings(metadata.Type), cfg)
		require.NoError(t, err)
		require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))
		loki := &emptyLoki{}
		push := func(at time.Time) {
			body := marshal(t, records(at, "1"))
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://loki/otlp/v1/logs", bytes.NewReader(body))
			require.NoError(t, err)
			req.Header.Set("Content-Type", "application/x-protobuf")
			resp, err := (&transport{lokiDelivery: extension, next: loki}).RoundTrip(req)
			require.NoError(t, err)
			require.Equal(t, http.StatusNoContent, resp.StatusCode)
			require.NoError(t, resp.Body.Close())
		}

		time.Sleep(time.Hour)
		push(time.Now().Add(-time.Minute))
		assert.Equal(t, 1, loki.asked)
		time.Sleep(2 * clockSkew)
		push(time.Now())
		assert.Equal(t, 1, loki.asked, "that is new")
		require.NoError(t, extension.Shutdown(t.Context()))
	})
}
