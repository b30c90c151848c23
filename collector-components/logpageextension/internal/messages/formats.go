// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package messages // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"

import (
	"strconv"
	"strings"
	"time"
)

// formats say how dates and times are written: after the medium patterns of Unicode's CLDR,
// which name the month, so that nobody takes a day for a month.
type formats struct {
	// day is a pattern in which D, M and Y stand for day, month and year.
	day     string
	months  [12]string
	between string
	// clock and minutes are layouts of package time, to the second and to the minute.
	clock, minutes string
}

var (
	englishMonths = [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

	english = formats{day: "M D, Y", months: englishMonths, between: ", ", clock: "3:04:05 PM", minutes: "3:04 PM"}
	british = formats{day: "D M Y", months: englishMonths, between: ", ", clock: "15:04:05", minutes: "15:04"}
	french  = formats{
		day:     "D M Y",
		months:  [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
		between: ", ", clock: "15:04:05", minutes: "15:04",
	}
	german = formats{
		day:     "D. M Y",
		months:  [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
		between: ", ", clock: "15:04:05", minutes: "15:04",
	}
	spanish = formats{
		day:     "D M Y",
		months:  [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
		between: ", ", clock: "15:04:05", minutes: "15:04",
	}
	portuguese = formats{
		day:     "D de M de Y",
		months:  [12]string{"jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez."},
		between: ", ", clock: "15:04:05", minutes: "15:04",
	}
)

func (f *formats) date(t time.Time) string {
	year, month, day := t.Date()
	replacer := strings.NewReplacer("D", strconv.Itoa(day), "M", f.months[month-1], "Y", strconv.Itoa(year))
	return replacer.Replace(f.day)
}
