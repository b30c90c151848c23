// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokimeta

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/prometheus/otlptranslator"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/goleak"

	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCleanName(t *testing.T) {
	tests := []struct{ key, clean, name string }{
		{"activity.id", "activity.id", "activity_id"},
		{"größe", "größe", "gr_e"},
		{"1st", "1st", "key_1st"},
		{"_private", "_private", "_private"},
		{"a__b", "a__b", "a_b"},
		{"", "unnamed_e3b0c442", "unnamed_e3b0c442"},
		{"订单", "unnamed_3d5436ea", "unnamed_3d5436ea"},
		{"__error__", "reserved__error__", "reserved_error_"},
		{"k\xff", "k\uFFFD", "k_"},
		{strings.Repeat("n", 128), strings.Repeat("n", 128), strings.Repeat("n", 128)},
	}
	for _, tt := range tests {
		clean, name := cleanName(tt.key)
		require.Equal(t, tt.clean, clean)
		require.Equal(t, tt.name, name)
	}

	one, _ := cleanName(strings.Repeat("n", 200) + "1")
	two, _ := cleanName(strings.Repeat("n", 200) + "2")
	require.Len(t, one, MaxName)
	require.NotEqual(t, one, two, "long names stay different")
}

func FuzzCleanName(f *testing.F) {
	for _, key := range []string{"", "a.b", "__error__", "____", "订单", "1a", "a\xff", "___a___", "__.__", strings.Repeat("é", 100)} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		clean, name := cleanName(key)
		require.True(t, utf8.ValidString(clean))
		require.LessOrEqual(t, len(clean), MaxName)
		require.LessOrEqual(t, len(name), MaxName+len("key_"))
		require.False(t, strings.HasPrefix(name, "__"))

		namer := otlptranslator.LabelNamer{}
		byLoki, err := namer.Build(clean)
		require.NoError(t, err)
		require.Equal(t, name, byLoki)
		// Loki translates names again when it has taken them.
		twice, err := namer.Build(name)
		require.NoError(t, err)
		require.Equal(t, name, twice)
		again, _ := cleanName(clean)
		require.Equal(t, clean, again)
	})
}

func FuzzPlainHash(f *testing.F) {
	for _, key := range []string{"a.b", "a_b", "a..b", "http.response.status_code", "a-b/c:d", "a b", "é", "_a", "9a"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		hash, plain := plainHash(key)
		if !plain {
			return
		}
		clean, name := cleanName(key)
		require.Equal(t, key, clean, "a plain key needs no cleaning")
		require.Len(t, name, len(key), "and is counted as it is")
		require.Equal(t, nameHash(name), hash)
	})
}

func TestImportantKeysArePlain(t *testing.T) {
	for _, key := range slices.Concat(important, recordOnly) {
		_, plain := plainHash(key)
		require.True(t, plain, "%s costs every record that has it", key)
	}
}

func TestMeasureIsExact(t *testing.T) {
	attributes := pcommon.NewMap()
	attributes.PutStr("s", "ü")
	attributes.PutInt("i", -9223372036854775808)
	attributes.PutDouble("d", 1e21)
	attributes.PutBool("b", false)
	attributes.PutEmptyBytes("y").FromRaw([]byte("1234"))
	attributes.PutEmpty("e")
	want := Usage{}
	for key, value := range attributes.All() {
		want = want.Plus(Usage{1, len(key) + len(value.AsString())})
	}

	usage, names, ok := measure(attributes, nil, want, nil)
	require.True(t, ok)
	require.Equal(t, want, usage)
	require.Len(t, names, 6)

	_, _, ok = measure(attributes, nil, Usage{5, 1000}, nil)
	require.False(t, ok)
	_, _, ok = measure(attributes, nil, Usage{6, want.Bytes - 1}, nil)
	require.False(t, ok)
}

// Equal keys are against the protocol, but nothing stops a sender.
func TestKeyThatIsThereTwice(t *testing.T) {
	logs := plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	for _, pair := range [][2]string{
		{"product", "first"}, {"producA", "second"}, {"keep", "b"}, {"keeA", "a"}, {"keeB", "a"}, {"keeC", "c"},
	} {
		record.Attributes().PutStr(pair[0], pair[1])
	}
	request, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	request = []byte(strings.NewReplacer("producA", "product", "keeA", "keep", "keeB", "keep", "keeC", "keep").Replace(string(request)))
	logs, err = (&plog.ProtoUnmarshaler{}).UnmarshalLogs(request)
	require.NoError(t, err)

	var e Entry
	resource := logs.ResourceLogs().At(0)
	e.Resource(resource.Resource())
	e.Scope(resource.ScopeLogs().At(0).Scope())
	record = resource.ScopeLogs().At(0).LogRecords().At(0)
	require.Equal(t, change.Of(change.NameClash), e.Record(record, Limits{MaxAttributes, MaxBytes}))

	got := map[string]any{}
	for key, value := range record.Attributes().All() {
		require.NotContains(t, got, key)
		got[key] = value.AsString()
	}
	require.Equal(t, map[string]any{"product": "first", "product_2": "second", "keep": "a", "keep_2": "b", "keep_3": "c"}, got)
}
