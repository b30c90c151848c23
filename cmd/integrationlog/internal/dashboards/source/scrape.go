// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package source // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

// Scrape is what a target said once.
type Scrape struct{ samples []sample }

type sample struct {
	labels labels.Labels
	value  float64
}

// Read scrapes a target as Prometheus does: it asks for the formats that Prometheus asks
// for, with names in UTF-8, and adds job and instance.
func Read(ctx context.Context, job, instance, address string) (Scrape, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return Scrape{}, err
	}
	request.Header.Set("Accept", accepted())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return Scrape{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return Scrape{}, err
	}
	if response.StatusCode != http.StatusOK {
		return Scrape{}, fmt.Errorf("%s answered %s", address, response.Status)
	}
	scrape, err := parse(text, response.Header.Get("Content-Type"), job, instance)
	if err != nil {
		return Scrape{}, fmt.Errorf("%s: %w", address, err)
	}
	return scrape, nil
}

// Parse returns what a target said in the text format of Prometheus.
func Parse(job, instance, text string) (Scrape, error) {
	return parse([]byte(text), "text/plain; version=0.0.4", job, instance)
}

// Missed is what is known of a target that did not answer.
func Missed(job, instance string) Scrape { return Scrape{[]sample{{up(job, instance), 0}}} }

// Of returns the scrape as it would have been at a time, had its process begun at another.
func (s Scrape) Of(began, at time.Time) Scrape {
	moved := slices.Clone(s.samples)
	for i := range moved {
		switch moved[i].labels.Get(model.MetricNameLabel) {
		case "otelcol_process_uptime":
			moved[i].value = at.Sub(began).Seconds()
		case "process_start_time_seconds":
			moved[i].value = float64(began.UnixMilli()) / 1000
		}
	}
	return Scrape{moved}
}

func up(job, instance string) labels.Labels {
	return labels.FromStrings(model.MetricNameLabel, "up", "instance", instance, "job", job)
}

// accepted is the header that Prometheus sends.
func accepted() string {
	var formats []string
	for i, protocol := range config.DefaultScrapeProtocols {
		format := config.ScrapeProtocolsHeaders[protocol]
		if protocol == config.PrometheusText1_0_0 || protocol == config.OpenMetricsText1_0_0 {
			format += ";" + model.EscapingKey + "=" + model.AllowUTF8
		}
		formats = append(formats, fmt.Sprintf("%s;q=0.%d", format, len(config.DefaultScrapeProtocols)+1-i))
	}
	return strings.Join(formats, ",")
}

// parse reads a page of metrics. It adds up, that the target could be scraped.
func parse(text []byte, contentType, job, instance string) (Scrape, error) {
	parser, err := textparse.New(text, contentType, nil, textparse.ParserOptions{OpenMetricsSkipSTSeries: true})
	if err != nil {
		return Scrape{}, err
	}
	scrape := Scrape{[]sample{{up(job, instance), 1}}}
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return scrape, nil
		}
		if err != nil {
			return Scrape{}, err
		}
		if entry != textparse.EntrySeries {
			continue
		}
		var found labels.Labels
		parser.Labels(&found)
		_, _, value := parser.Series()
		scrape.samples = append(scrape.samples, sample{withTarget(found, job, instance), value})
	}
}

// withTarget adds the labels of the target. What the metric calls so itself is renamed.
func withTarget(found labels.Labels, job, instance string) labels.Labels {
	builder := labels.NewBuilder(found)
	for name, value := range map[string]string{"job": job, "instance": instance} {
		if own := found.Get(name); own != "" {
			builder.Set("exported_"+name, own)
		}
		builder.Set(name, value)
	}
	return builder.Labels()
}
