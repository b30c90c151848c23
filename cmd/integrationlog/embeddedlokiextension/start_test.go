// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

// A query that starts with a whole millisecond does not have what a chunk on disk ends with at
// that very time. Where Loki has mended that, lokiapi.Since can go.
func TestStartOfAQuery(t *testing.T) {
	t.Parallel()
	p := startProcess(t, processConfig{directory: t.TempDir()})
	loki := p.loki
	second := time.Now().Truncate(time.Hour).Add(-30 * time.Minute) // well within a stream
	within := second.Add(-30*time.Second + 123_456)
	loki.push(t, happenedAt("whole", second), happenedAt("within", within))
	loki.letGo(t)
	idsFrom := func(start int64) (ids []string) {
		var answer struct {
			Data struct {
				Result []struct{ Stream map[string]string }
			}
		}
		loki.query(t, "/loki/api/v1/query_range", url.Values{
			"query": {all}, "start": {strconv.FormatInt(start, 10)}, "end": {strconv.FormatInt(second.Add(1).UnixNano(), 10)},
		}, &answer)
		for _, stream := range answer.Data.Result {
			ids = append(ids, stream.Stream["activity_id"])
		}
		return ids
	}
	assert.Empty(t, idsFrom(second.UnixNano()))
	assert.Equal(t, []string{"whole"}, idsFrom(lokiapi.Since(second.UnixNano())))
	assert.ElementsMatch(t, []string{"whole", "within"}, idsFrom(lokiapi.Since(within.UnixNano())))
	p.stop(t)
}
