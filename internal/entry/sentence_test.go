// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestDescribe(t *testing.T) {
	failed := func(message, cause string, code int) activity.Activity {
		return activity.Activity{Description: message, Error: &activity.Failure{Message: cause}, HTTPStatusCode: code}
	}
	tests := map[string]struct {
		activity activity.Activity
		who      []string
		want     string
	}{
		"message":                  {activity.Activity{Description: "Sent"}, nil, "Sent"},
		"who":                      {activity.Activity{Description: "Sent"}, []string{"Flow x", "", "state y"}, "Flow x, state y: Sent"},
		"nobody":                   {activity.Activity{Description: "Sent"}, []string{"", ""}, "Sent"},
		"code of what went well":   {activity.Activity{Description: "Sent", HTTPStatusCode: 404}, nil, "Sent"},
		"cause":                    {failed("Not sent", "no such order", 0), []string{"Flow x"}, "Flow x: Not sent: no such order"},
		"full stop before a cause": {failed("Not sent. ", "no such order", 0), nil, "Not sent: no such order"},
		"colon before a cause":     {failed("Not sent:", "no such order", 0), nil, "Not sent: no such order"},
		"cause in the message":     {failed("Not sent, no such order", "no such order", 0), nil, "Not sent, no such order"},
		"message in the cause":     {failed("Not sent", "Not sent, no such order", 0), nil, "Not sent, no such order"},
		"the same":                 {failed("Not sent.", "Not sent.", 0), nil, "Not sent."},
		"code":                     {failed("Not sent", "Not sent", 404), nil, "Not sent (404 Not Found)"},
		"code in the message":      {failed("Failed with 404", "Failed with 404", 404), nil, "Failed with 404 (Not Found)"},
		"code in another number":   {failed("Ticket 14045 failed", "Ticket 14045 failed", 404), nil, "Ticket 14045 failed (404 Not Found)"},
		"code in the name":         {failed("Not sent", "Not sent", 404), []string{"Flow of 404"}, "Flow of 404: Not sent (Not Found)"},
		"reason in the message":    {failed("Order not found", "Order not found", 404), nil, "Order not found (404)"},
		"code and reason":          {failed("404 not found", "404 not found", 404), nil, "404 not found"},
		"code without a reason":    {failed("Not sent", "Not sent", 499), nil, "Not sent (499)"},
		"code below 400":           {failed("Not sent", "Not sent", 302), nil, "Not sent"},
		"several lines":            {failed("Not\n sent", "line 1:\r\n\tno article", 0), nil, "Not sent: line 1: no article"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, Describe(&test.activity, test.who...))
		})
	}
	t.Run("the longest", func(t *testing.T) {
		a := failed(strings.Repeat("m", maxText), strings.Repeat("c", maxText), 404)
		got := Describe(&a, strings.Repeat("w", 255))
		require.Len(t, got, maxSentence)
		require.Contains(t, got, "m: c", "both are there")
	})
}

func TestCalled(t *testing.T) {
	require.Equal(t, `Bot "Order bot"`, Called("Bot", "Order bot"))
	require.Empty(t, Called("Bot", ""))
}
