// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// commonZones are one or more for each offset that many people live in. The URL takes any
// other by its name, and the browser tells its own.
var commonZones = strings.Fields(`UTC
	Pacific/Honolulu America/Anchorage America/Los_Angeles America/Phoenix America/Denver America/Mexico_City America/Chicago
	America/Bogota America/Lima America/New_York America/Toronto America/Caracas America/Santiago America/Halifax America/St_Johns
	America/Sao_Paulo America/Argentina/Buenos_Aires America/Montevideo Atlantic/Azores Atlantic/Reykjavik
	Europe/Lisbon Europe/London Europe/Dublin Africa/Casablanca Africa/Lagos Europe/Madrid Europe/Paris Europe/Brussels
	Europe/Amsterdam Europe/Berlin Europe/Zurich Europe/Vienna Europe/Rome Europe/Prague Europe/Warsaw Europe/Copenhagen
	Europe/Stockholm Europe/Oslo Europe/Athens Europe/Bucharest Europe/Helsinki Europe/Kyiv Africa/Cairo Africa/Johannesburg
	Asia/Jerusalem Europe/Istanbul Africa/Nairobi Asia/Riyadh Asia/Tehran Asia/Dubai Asia/Kabul Asia/Karachi Asia/Kolkata
	Asia/Kathmandu Asia/Dhaka Asia/Yangon Asia/Bangkok Asia/Jakarta Asia/Ho_Chi_Minh Asia/Singapore Asia/Manila Asia/Hong_Kong
	Asia/Shanghai Asia/Taipei Australia/Perth Asia/Seoul Asia/Tokyo Australia/Adelaide Australia/Darwin Australia/Brisbane
	Australia/Sydney Australia/Lord_Howe Pacific/Noumea Pacific/Auckland Pacific/Apia`)

// loadCommonZones reads the common zones once: the machine's files are read for each.
var loadCommonZones = sync.OnceValue(func() []*time.Location {
	var zones []*time.Location
	for _, name := range commonZones {
		if zone, err := state.LoadZone(name); err == nil { // a machine may have an older list
			zones = append(zones, zone)
		}
	}
	return zones
})

// Zones are the time zones that can be chosen, from west to east, with their offsets of now.
func (v *visit) Zones() []choice {
	zones := slices.Clone(loadCommonZones())
	if chosen := v.View.ZoneName; chosen != "" && !slices.Contains(commonZones, chosen) {
		zones = append(zones, v.View.Zone)
	}
	slices.SortStableFunc(zones, func(a, b *time.Location) int {
		_, west := v.Now.In(a).Zone()
		_, east := v.Now.In(b).Zone()
		return cmp.Compare(west, east)
	})
	choices := make([]choice, len(zones))
	for i, zone := range zones {
		name := zone.String()
		choices[i] = choice{
			Value: name, Chosen: name == v.View.ZoneName,
			Text: "(" + messages.Offset(v.Now.In(zone)) + ") " + strings.ReplaceAll(name, "_", " "),
		}
	}
	return choices
}

// LanguageChoices are the languages that can be chosen, each in its own words.
func (v *visit) LanguageChoices() []choice {
	var languages []choice
	for _, language := range messages.Languages() {
		languages = append(languages, choice{Value: language.Tag, Text: language.Name, Chosen: language.Tag == v.View.Language})
	}
	return languages
}
