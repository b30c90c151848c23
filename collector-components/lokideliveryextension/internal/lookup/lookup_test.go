// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lookup

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/identity"
	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func key(product, id string, at time.Duration) identity.Key {
	return identity.Key{Product: product, ID: id, Time: pcommon.Timestamp(uint64(time.Unix(1_800_000_000, 0).Add(at).UnixNano()))}
}

func TestPlan(t *testing.T) {
	var many, apart []identity.Key
	for i := range 250 {
		many = append(many, key("shopify", fmt.Sprint("id", i), time.Duration(i)))
	}
	for i := range 168 {
		apart = append(apart, key("shopify", fmt.Sprint("id", i), time.Duration(i)*time.Hour))
	}
	for name, tc := range map[string]struct {
		keys []identity.Key
		want int
	}{
		"nothing":              {nil, 0},
		"one":                  {many[:1], 1},
		"the same twice":       {[]identity.Key{many[0], many[0]}, 1},
		"a hundred a query":    {many, 3},
		"two products":         {[]identity.Key{key("zis", "a", 0), key("actions", "a", 0)}, 2},
		"two hours apart":      {[]identity.Key{key("zis", "a", 0), key("zis", "b", 2*time.Hour)}, 2},
		"a week, hour by hour": {apart, 10},
		"long ids":             {[]identity.Key{key("zis", strings.Repeat("a", 4096), 0), key("zis", strings.Repeat("b", 4096), 1), key("zis", strings.Repeat("c", 4096), 2), key("zis", strings.Repeat("d", 4096), 3)}, 2},
	} {
		assert.Len(t, plan(tc.keys), tc.want, name)
	}
}

func TestEveryKeyIsAskedAndEveryQueryIsOneThatLokiTakes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) identity.Key {
			return identity.Key{
				Product: rapid.SampledFrom([]string{"shopify", "bot-builder", `we"ird\`}).Draw(t, "product"),
				ID:      rapid.StringN(1, 300, 4096).Draw(t, "id"),
				Time:    pcommon.Timestamp(rapid.Uint64Range(1, 1<<62).Draw(t, "time")),
			}
		}), 0, 60).Draw(t, "keys")
		asked := make(map[identity.Key]bool)
		for _, q := range plan(keys) {
			text := q.logQL()
			require.Less(t, len(text), 128<<10)
			match := regexp.MustCompile(`^\{product=("(?:[^"\\]|\\.)*")\} \| activity_id=~("(?:[^"\\]|\\.)*") \| line_format "" \| keep activity_id$`).FindStringSubmatch(text)
			require.NotNil(t, match, text)
			product, err := strconv.Unquote(match[1])
			require.NoError(t, err)
			pattern, err := strconv.Unquote(match[2])
			require.NoError(t, err)
			// Loki anchors it.
			ids, err := regexp.Compile("^(?:" + pattern + ")$")
			require.NoError(t, err)
			start, end := q.bounds()
			require.NotZero(t, start%int64(time.Millisecond), "Loki would leave out what a chunk ends with")
			require.LessOrEqual(t, len(q.keys), maxIDs)
			for _, k := range q.keys {
				require.Equal(t, product, k.Product)
				require.True(t, ids.MatchString(k.ID))
				require.True(t, start <= int64(k.Time) && int64(k.Time) < end)
				asked[k] = true
			}
		}
		for _, k := range keys {
			require.True(t, asked[k])
		}
	})
}

// loki answers queries with scripted answers, the last one for good.
type loki struct {
	mu      sync.Mutex
	answers []func(w http.ResponseWriter, r *http.Request)
	paths   []string
}

func (l *loki) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paths = append(l.paths, r.Host+r.URL.RequestURI())
	answer := l.answers[0]
	if len(l.answers) > 1 {
		l.answers = l.answers[1:]
	}
	answer(w, r)
}

func text(code int, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// ask sends one question through a server that answers like that.
func ask(t *testing.T, l *loki, pushPath, base string, keys ...identity.Key) (map[identity.Key]struct{}, string, error) {
	t.Helper()
	server := httptest.NewServer(l)
	defer server.Close()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	push, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+pushPath, http.NoBody)
	require.NoError(t, err)
	if base == "own" {
		base = server.URL + "/query/"
	}
	found, err := Asker{Transport: transport, BaseURL: base}.Stored(t.Context(), push, keys)
	return found, server.Listener.Addr().String(), err
}

const nothing = `{"status":"success","data":{"resultType":"streams","result":[]}}`

func TestStored(t *testing.T) {
	a, b := key("shopify", "a", 0), key("shopify", "b", 1)
	l := &loki{answers: []func(http.ResponseWriter, *http.Request){text(200, fmt.Sprintf(
		`{"status":"success","data":{"resultType":"streams","result":[{"stream":{"activity_id":"a"},"values":[["%d","",{"x":1}]]}],"stats":{}}}`, a.Time))}}
	found, _, err := ask(t, l, "/otlp/v1/logs", "", a, b)
	require.NoError(t, err)
	assert.Equal(t, map[identity.Key]struct{}{a: {}}, found)
}

func TestTarget(t *testing.T) {
	for _, tc := range []struct{ push, base, want string }{
		{push: "/otlp/v1/logs", want: "/loki/api/v1/query_range"},
		{push: "/tenant/otlp/v1/logs?x=1", want: "/tenant/loki/api/v1/query_range"},
		{push: "/somewhere/else", base: "own", want: "/query/loki/api/v1/query_range"},
	} {
		l := &loki{answers: []func(http.ResponseWriter, *http.Request){text(200, nothing)}}
		_, host, err := ask(t, l, tc.push, tc.base, key("shopify", "a", 0))
		require.NoError(t, err)
		assert.Equal(t, []string{host + tc.want}, l.paths)
	}
	_, _, err := ask(t, &loki{}, "/v1/logs", "", key("shopify", "a", 0))
	var refused *RefusedError
	require.ErrorAs(t, err, &refused)
	require.ErrorContains(t, err, "set query_endpoint")
}

func TestWhatAnAnswerMeans(t *testing.T) {
	for _, code := range []int{301, 302, 400, 401, 403, 404, 405, 410, 413} {
		_, _, err := ask(t, &loki{answers: []func(http.ResponseWriter, *http.Request){text(code, "no")}}, "/otlp/v1/logs", "", key("shopify", "a", 0))
		var refused *RefusedError
		require.ErrorAs(t, err, &refused, "%d", code)
		assert.Equal(t, code, refused.Status)
		require.ErrorContains(t, err, strconv.Itoa(code))
	}
	for _, code := range []int{202, 408, 425, 429, 500, 502, 503, 504} {
		_, _, err := ask(t, &loki{answers: []func(http.ResponseWriter, *http.Request){text(code, "no")}}, "/otlp/v1/logs", "", key("shopify", "a", 0))
		require.Error(t, err, code)
		var refused *RefusedError
		assert.NotErrorAs(t, err, &refused, "%d", code)
	}
	for _, body := range []string{
		"", "<html>", "{}", `{"status":"error"}`, `{"status":"success","data":{"resultType":"matrix","result":[]}}`,
		`{"status":"success","data":{"resultType":"streams","result":[{"values":[[]]}]}}`,
		`{"status":"success","data":{"resultType":"streams","result":[{"values":[[7,""]]}]}}`,
		`{"status":"success","data":{"resultType":"streams","result":[{"values":[["x",""]]}]}}`,
	} {
		_, _, err := ask(t, &loki{answers: []func(http.ResponseWriter, *http.Request){text(200, body)}}, "/otlp/v1/logs", "", key("shopify", "a", 0))
		require.ErrorIs(t, err, lokiapi.ErrNotLoki, body)
	}
	_, _, err := ask(t, &loki{answers: []func(http.ResponseWriter, *http.Request){
		func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
		},
	}}, "/otlp/v1/logs", "", key("shopify", "a", 0))
	require.ErrorContains(t, err, "broke off")
}

// An answer may be cut at the limit; then what it lacks is asked for again.
func TestACutAnswerIsAskedAgainInParts(t *testing.T) {
	a, b := key("shopify", "a", 0), key("shopify", "b", 1)
	entry := func(k identity.Key) string {
		return fmt.Sprintf(`{"stream":{"activity_id":%q},"values":[["%d",""]]}`, k.ID, k.Time)
	}
	full := `{"status":"success","data":{"resultType":"streams","result":[` + strings.Join(slices.Repeat([]string{entry(a)}, maxEntries), ",") + `]}}`
	one := func(k identity.Key) string {
		return `{"status":"success","data":{"resultType":"streams","result":[` + entry(k) + `]}}`
	}
	l := &loki{answers: []func(http.ResponseWriter, *http.Request){text(200, full), text(200, full), text(200, one(b))}}
	found, _, err := ask(t, l, "/otlp/v1/logs", "", a, b)
	require.NoError(t, err)
	assert.Equal(t, map[identity.Key]struct{}{a: {}, b: {}}, found)
	assert.Len(t, l.paths, 3)

	l = &loki{answers: []func(http.ResponseWriter, *http.Request){text(200, full), text(503, "")}}
	_, _, err = ask(t, l, "/otlp/v1/logs", "", a, b)
	require.Error(t, err)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(nothing))
	f.Add([]byte(`{"status":"success","data":{"resultType":"streams","result":[{"stream":{"activity_id":"a"},"values":[["7",""]]}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		keys, err := parse("shopify", body)
		if err != nil {
			require.ErrorIs(t, err, lokiapi.ErrNotLoki)
			require.Nil(t, keys)
		}
	})
}

func BenchmarkPlan(b *testing.B) {
	var keys []identity.Key
	for i := range 500 {
		keys = append(keys, key("shopify", fmt.Sprintf("00000000-0000-4000-8000-%012d", i), time.Duration(i)*time.Second))
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, q := range plan(keys) {
			_ = q.logQL()
		}
	}
}
