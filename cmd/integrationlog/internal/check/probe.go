// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package check // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/check"

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// product is what the records of a check belong to.
const product activity.Product = "integrationlog-check"

// labels are all that may be labels; Loki adds the last one to late streams.
var labels = []string{"product", "status", "service_name", "service_namespace", "__time_shard__"}

// probe writes records and looks for them.
type probe struct {
	Settings
	now time.Time
	// id is the same for all records of one check, and no other check has it.
	id string
}

// newProbe dates the newest record a little back: Loki hides nothing up to a time in
// the future, and knows seconds only.
func newProbe(settings Settings, now time.Time) *probe {
	now = now.Add(-5 * time.Second)
	return &probe{Settings: settings, now: now, id: fmt.Sprintf("check-%d", now.UnixNano())}
}

func (p *probe) selector() string {
	return fmt.Sprintf(`{product=%q, status="debug"}`, product)
}

// query selects the records of this check and no others.
func (p *probe) query() string {
	return fmt.Sprintf(`%s | activity_id=%q`, p.selector(), p.id)
}

func (p *probe) push(ctx context.Context, ages ...time.Duration) error {
	activities := make([]activity.Activity, 0, len(ages))
	for _, age := range ages {
		activities = append(activities, activity.Activity{
			ID: p.id, Product: product, Type: "check", Status: activity.Debug,
			Time: p.now.Add(-age), Description: fmt.Sprintf("Check of the log: a record of %s ago", age),
		})
	}
	return p.Loki.push(ctx, activity.NewLogs(activity.Scope{}, activities...))
}

func (p *probe) pushNow(ctx context.Context) (string, error) {
	err := p.push(ctx, 0)
	var status *statusError
	switch {
	case errors.As(err, &status) && status.code == http.StatusUnauthorized:
		return "", fmt.Errorf("%w; it has several tenants, or wants a credential: set LOKI_TENANT, or LOKI_AUTHORIZATION", err)
	case errors.As(err, &status) && status.code == http.StatusNotFound:
		return "", fmt.Errorf("%w; it has no OTLP endpoint there: it must be Loki 3, and --loki-url must have no path of its own", err)
	}
	return "", err
}

// find waits until so many records of this check are there, by the time of a query.
func (p *probe) find(ctx context.Context, want int, from, to time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, p.Patience)
	defer cancel()
	found := 0
	for {
		streams, err := p.Loki.query(ctx, p.query(), from, to)
		if ctx.Err() != nil {
			return fmt.Errorf("%d of %d records can be found after %s", found, want, p.Patience)
		}
		if err != nil {
			return err
		}
		found = 0
		for _, s := range streams {
			found += len(s.Values)
		}
		if found >= want {
			return nil
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

func (p *probe) queryByLabels(ctx context.Context) (string, error) {
	if err := p.find(ctx, 1, p.now.Add(-time.Minute), p.now.Add(time.Minute)); err != nil {
		return "", fmt.Errorf("%w; product and status must be index labels: take limits_config.otlp_config from config/loki.yaml", err)
	}
	return p.selector(), nil
}

func (p *probe) otherLabels(ctx context.Context) (string, error) {
	series, err := p.Loki.series(ctx, p.selector(), p.now.Add(-time.Minute), p.now.Add(time.Minute))
	if err != nil {
		return "", err
	}
	others := map[string]bool{}
	for _, s := range series {
		for label := range s {
			if !slices.Contains(labels, label) {
				others[label] = true
			}
		}
	}
	if len(others) > 0 {
		return "", fmt.Errorf("%s as well: what differs between collectors must not be a label, or records are stored twice; set ignore_defaults in limits_config.otlp_config as config/loki.yaml does",
			strings.Join(slices.Sorted(maps.Keys(others)), ", "))
	}
	return "", nil
}

// late are the ages of late records: more than the hour that Loki takes by default,
// more than the 2 h 41 min that it shows at once, and nearly the whole log.
func (p *probe) late() []time.Duration {
	return []time.Duration{2 * time.Hour, 5 * time.Hour, p.Retention - time.Hour}
}

func (p *probe) pushLate(ctx context.Context) (string, error) {
	if err := p.push(ctx, p.late()...); err != nil {
		return "", fmt.Errorf("%w; set limits_config.shard_streams and reject_old_samples_max_age as config/loki.yaml does", err)
	}
	return "", nil
}

func (p *probe) queryLate(ctx context.Context) (string, error) {
	if err := p.find(ctx, 1+len(p.late()), p.now.Add(-p.Retention), p.now.Add(time.Minute)); err != nil {
		return "", fmt.Errorf("%w; late records can be found only after they are flushed: set ingester.query_store_max_look_back_period as config/loki.yaml does", err)
	}
	return "", nil
}

func (p *probe) pushAgain(ctx context.Context) (string, error) {
	ages := append([]time.Duration{0}, p.late()...)
	if err := p.push(ctx, ages...); err != nil {
		return "", err
	}
	streams, err := p.Loki.query(ctx, p.query(), p.now.Add(-p.Retention), p.now.Add(time.Minute))
	if err != nil {
		return "", err
	}
	found := 0
	for _, s := range streams {
		found += len(s.Values)
	}
	if found != len(ages) {
		return "", fmt.Errorf("%d records are there instead of %d; set limits_config.shard_streams as config/loki.yaml does", found, len(ages))
	}
	return "", nil
}

func (p *probe) retention(ctx context.Context) (string, error) {
	text, err := p.Loki.config(ctx)
	if err != nil {
		return "", unsureError{fmt.Sprintf("its configuration cannot be read (%v); see that compactor.retention_enabled is true and limits_config.retention_period %s", err, p.Retention)}
	}
	var config struct {
		Compactor struct {
			Enabled bool `yaml:"retention_enabled"`
		} `yaml:"compactor"`
		Limits struct {
			Period string `yaml:"retention_period"`
		} `yaml:"limits_config"`
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		return "", unsureError{"its configuration cannot be understood: " + err.Error()}
	}
	if !config.Compactor.Enabled {
		return "", errors.New("compactor.retention_enabled is false, so nothing is ever deleted: set it to true, with a delete_request_store")
	}
	return p.compareRetention(config.Limits.Period)
}

// compareRetention compares Loki's limit with what is asked for. 0 means for ever.
func (p *probe) compareRetention(limit string) (string, error) {
	const setting = "limits_config.retention_period"
	period, err := model.ParseDuration(limit)
	switch {
	case err != nil:
		return "", unsureError{fmt.Sprintf("%s %q cannot be understood: %v", setting, limit, err)}
	case period == 0:
		return "", fmt.Errorf("%s is 0, so nothing is ever deleted: set it to %s", setting, p.Retention)
	case time.Duration(period) != p.Retention:
		return "", fmt.Errorf("%s is %s and should be %s; --retention tells this check what is meant", setting, limit, p.Retention)
	}
	return setting + " is " + limit, nil
}

// others looks for records of the products themselves: in a tenant that nobody writes
// to there are none.
func (p *probe) others(ctx context.Context) (string, error) {
	streams, err := p.Loki.query(ctx, fmt.Sprintf(`{service_namespace=%q, product!=%q}`, activity.ServiceNamespace, product),
		p.now.Add(-p.Retention), p.now.Add(time.Minute))
	if err != nil {
		return "", err
	}
	if len(streams) == 0 {
		return "", unsureError{fmt.Sprintf("tenant %q has no record of any product: nothing has happened yet, or the collector writes to another tenant or another Loki", p.Loki.Tenant)}
	}
	return "", nil
}

func (p *probe) hide(ctx context.Context) (string, error) {
	if err := p.Loki.hide(ctx, p.query(), p.now.Add(-p.Retention), time.Now()); err != nil {
		return "", unsureError{fmt.Sprintf("%v; four records of the product %s stay in the log for its seven days", err, product)}
	}
	return "", nil
}
