// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"fmt"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/vendors"
)

// introduce says what runs, and where to look.
func (d *demo) introduce() {
	d.screen.line("")
	d.screen.line("  Log page     %s", d.url(pagePort))
	d.screen.line("  Loki         %s   (a data source for Grafana)", d.lokiURL())
	d.screen.line("  Metrics      %s/metrics", d.url(metricsPort))
	d.screen.line("  Webhooks     %s   /shopify /sunshine-conversations /zis /bot-builder /actions", d.url(webhookPort))
	d.screen.line("  Its own log  %s\n", d.logFile())
	d.screen.line("Everything stays on this machine: seven simulated vendors play the company Acme, and speak as")
	d.screen.line("the real ones do, to the same receivers. What is pushed is posted with signatures and tokens;")
	d.screen.line("webhooks of Zendesk and what Salesforce has are fetched. Salesforce keeps changes for three days.\n")
}

// explain says what is worth looking at.
func (d *demo) explain() {
	d.screen.line("\nThree things went badly wrong that week:\n")
	for _, incident := range d.company.Incidents() {
		d.screen.line("  %s, %d minutes   %s\n      %s", incident.At.Format("Mon 2 Jan 15:04"), int(incident.Long.Minutes()), incident.Name, incident.Query)
	}
	d.screen.line("\nWrite a line yourself:\n")
	d.screen.line("  curl %s/zis -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\\n"+
		"    -d '{\"level\": \"error\", \"message\": \"My flow failed\", \"timestamp\": \"'$(date -u +%%FT%%TZ)'\"}'\n",
		d.url(webhookPort), d.vendors.Secret(vendors.ZISToken))
	switch {
	case d.options.Rate == 0:
		d.screen.line("There is no live traffic (--rate 0). Ctrl-C ends the demo.\n")
	case d.options.Duration > 0:
		d.screen.line("Now live, about %v activities a minute, until %s. Ctrl-C ends it earlier.\n", d.options.Rate, d.begun.Add(d.options.Duration).Format(time.TimeOnly))
	default:
		d.screen.line("Now live, about %v activities a minute. Ctrl-C ends the demo%s.\n", d.options.Rate, map[bool]string{false: " and removes its data"}[d.options.KeepData])
	}
}

// passed is how long the demo has run, as wide as the next.
func (d *demo) passed() string { return fmt.Sprintf("%5.1f s", time.Since(d.begun).Seconds()) }

// number writes a number as people read it.
func number(n int) string { return message.NewPrinter(language.English).Sprintf("%d", n) }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}
