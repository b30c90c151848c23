// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// window is how far back the log is counted: a little less than the 7 days that it has.
const window = 7*24*time.Hour - time.Minute

// ahead is by how much the time of a line may lie after this machine's.
const ahead = time.Minute

// queryTimeout is how long an answer may take.
const queryTimeout = 10 * time.Second

// store tells what is in the log.
type store struct {
	// loki and page are the addresses of both.
	loki, page string
	client     *http.Client
}

// isShown tells whether the log page has anything to show.
func (s *store) isShown(ctx context.Context) bool {
	var answer struct {
		Activities []struct{} `json:"activities"`
	}
	err := s.get(ctx, s.page+"/api/v1/activities?limit=1", &answer)
	return err == nil && len(answer.Activities) > 0
}

// everything selects all lines of the log.
const everything = `{service_namespace="integrations"}`

// ofVendors selects those that the demo's vendors have sent. To ZIS whoever reads the screen
// can post too; the ids of the history tell these lines apart.
const ofVendors = everything + ` | product!="zis" or activity_id=~".*/zis:[0-9a-f]{24}"`

// count returns how many lines of a selection Loki has of each product.
func (s *store) count(ctx context.Context, selection string) (map[activity.Product]int, error) {
	query := url.Values{
		"query": {fmt.Sprintf(`sum by (product) (count_over_time(%s [%ds]))`, selection, int((window + ahead).Seconds()))},
		"time":  {strconv.FormatInt(time.Now().Add(ahead).UnixNano(), 10)},
	}
	var answer struct {
		Data struct {
			Result []struct {
				Metric struct {
					Product activity.Product `json:"product"`
				} `json:"metric"`
				Value [2]any `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	if err := s.get(ctx, s.loki+"/loki/api/v1/query?"+query.Encode(), &answer); err != nil {
		return nil, fmt.Errorf("loki: %w", err)
	}
	counts := map[activity.Product]int{}
	for _, result := range answer.Data.Result {
		text, _ := result.Value[1].(string)
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("loki: %w", err)
		}
		counts[result.Metric.Product] = n
	}
	return counts, nil
}

// get reads an answer in JSON.
func (s *store) get(ctx context.Context, address string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the answer is %s", response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}
