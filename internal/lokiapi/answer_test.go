// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokiapi

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStreams(t *testing.T) {
	streams, warnings, err := Streams([]byte(`{"status":"success","warnings":["w"],"data":{"resultType":"streams","encodingFlags":["categorize-labels"],"result":[
		{"stream":{"product":"zis"},"values":[["1795158000000000001","a",{"structuredMetadata":{"activity_id":"1"},"parsed":{"x":"y"}}],["2","b",{}],["3",""]]},
		{"stream":{},"values":[]}],"stats":{}}}`))
	require.NoError(t, err)
	assert.Equal(t, []string{"w"}, warnings)
	assert.Equal(t, []Stream{
		{Labels: map[string]string{"product": "zis"}, Entries: []Entry{
			{Time: 1795158000000000001, Line: "a", Metadata: map[string]string{"activity_id": "1"}}, {Time: 2, Line: "b"}, {Time: 3},
		}},
		{Labels: map[string]string{}, Entries: []Entry{}},
	}, streams)
}

func TestSamples(t *testing.T) {
	series, _, err := Samples([]byte(`{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1795158000.123,"12"]}]}}`))
	require.NoError(t, err)
	assert.Equal(t, []Series{{Labels: map[string]string{"a": "b"}, Points: []Point{{Time: 1795158000.123, Value: 12}}}}, series)
	series, _, err = Samples([]byte(`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"2"],[3,"4"]]}]}}`))
	require.NoError(t, err)
	assert.Equal(t, []Series{{Labels: map[string]string{}, Points: []Point{{1, 2}, {3, 4}}}}, series)
}

func TestLabelSets(t *testing.T) {
	sets, err := LabelSets([]byte(`{"status":"success","data":[{"a":"b"}]}`))
	require.NoError(t, err)
	assert.Equal(t, []map[string]string{{"a": "b"}}, sets)
	sets, err = LabelSets([]byte(`{"status":"success"}`))
	require.NoError(t, err)
	assert.Empty(t, sets)
}

func TestWhatIsNoAnswer(t *testing.T) {
	for _, body := range []string{
		"", "<html>", "null", `{"status":"error"}`, `{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}`,
		`{"status":"success","data":{"resultType":"streams","result":[{"values":[[]]}]}}`,
		`{"status":"success","data":{"resultType":"streams","result":[{"values":[[1,"a"]]}]}}`,
		`{"status":"success","data":{"resultType":"streams","result":[{"values":[["1",null]]}]}}`,
		`{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1,"x"]]}]}}`,
		`{"status":"success","data":{"resultType":"vector","result":[{"value":[1]}]}}`,
	} {
		_, _, err := Streams([]byte(body))
		require.ErrorIs(t, err, ErrNotLoki, body)
		_, _, err = Samples([]byte(body))
		require.ErrorIs(t, err, ErrNotLoki, body)
	}
	for _, body := range []string{"", "<html>", "null", `{"status":"error"}`, `{"status":"success","data":1}`} {
		_, err := LabelSets([]byte(body))
		require.ErrorIs(t, err, ErrNotLoki, body)
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"status":"success","data":{"resultType":"streams","result":[{"stream":{"a":"b"},"values":[["1","x",{"structuredMetadata":{"c":"d"}}]]}]}}`))
	f.Add([]byte(`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1.5,"2"]]}]}}`))
	f.Add([]byte(`{"status":"success","data":[{"a":"b"}]}`))
	f.Add([]byte(`{"status":"success","data":{"resultType":"streams","result":[{"values":[["1","x",{},4,[]]]}]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, _, err := Streams(body); err != nil {
			require.ErrorIs(t, err, ErrNotLoki)
		}
		if _, _, err := Samples(body); err != nil {
			require.ErrorIs(t, err, ErrNotLoki)
		}
		if _, err := LabelSets(body); err != nil {
			require.ErrorIs(t, err, ErrNotLoki)
		}
	})
}

func FuzzQuote(f *testing.F) {
	f.Add("a\"`\\\n\x00\xff")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := strconv.Unquote(Quote(text))
		require.NoError(t, err)
		require.True(t, utf8.ValidString(got))
		require.Equal(t, strings.ToValidUTF8(text, "\uFFFD"), got)
	})
}

func BenchmarkStreams(b *testing.B) {
	entry := `["1795158000000000001","Order 123456 was paid and is ready to be sent to the customer",{"structuredMetadata":{"activity_id":"shopify-0123456789abcdef","activity_type":"order","activity_object_id":"123456","integration_name":"order 1"}}]`
	body := []byte(`{"status":"success","data":{"resultType":"streams","result":[{"stream":{"product":"shopify","status":"info"},"values":[` +
		strings.Repeat(entry+",", 1999) + entry + `]}]}}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Streams(body); err != nil {
			b.Fatal(err)
		}
	}
}
