// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package messages

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFor(t *testing.T) {
	tests := map[string]struct {
		parameter, header, lang, locale string
	}{
		"nothing":                      {"", "", "en", "en"},
		"German":                       {"", "de", "de", "de"},
		"Austrian":                     {"", "de-AT,de;q=0.9,en;q=0.8", "de", "de"},
		"Canadian French":              {"", "fr-CA", "fr", "fr"},
		"Mexican":                      {"", "es-MX,es;q=0.9", "es", "es"},
		"Portuguese of Portugal":       {"", "pt-PT", "pt-BR", "pt-BR"},
		"Portuguese":                   {"", "pt", "pt-BR", "pt-BR"},
		"British":                      {"", "en-GB", "en", "en-GB"},
		"Australian":                   {"", "en-AU", "en", "en-GB"},
		"American":                     {"", "en-US", "en", "en"},
		"by weight":                    {"", "en;q=0.5, fr;q=0.9", "fr", "fr"},
		"the second is spoken":         {"", "ja, de;q=0.5", "de", "de"},
		"none is spoken":               {"", "ja, zh", "en", "en"},
		"no language":                  {"", ";;;=,", "en", "en"},
		"any":                          {"", "*", "en", "en"},
		"the parameter wins":           {"fr", "de", "fr", "fr"},
		"a parameter that is unknown":  {"ja", "de", "de", "de"},
		"a parameter that is none":     {"../../etc", "de", "de", "de"},
		"an underscore, as Java has":   {"pt_BR", "de", "pt-BR", "pt-BR"},
		"capitals":                     {"FR", "de", "fr", "fr"},
		"a parameter for a region too": {"en-GB", "de", "en", "en-GB"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/?"+url.Values{Parameter: {test.parameter}}.Encode(), http.NoBody)
			r.Header.Set("Accept-Language", test.header)
			p := For(r)
			require.Equal(t, test.lang, p.Lang())
			require.Equal(t, test.locale, p.Locale())
			require.Equal(t, "ltr", p.Dir())
		})
	}
}

func TestEveryLanguageOfTheMenuIsItself(t *testing.T) {
	for _, l := range Languages() {
		require.Equal(t, l.Tag, In(l.Tag).Lang(), l.Name)
	}
}

func TestT(t *testing.T) {
	require.Equal(t, "Apply filters", In("en").T("filter.apply"))
	require.Equal(t, "Appliquer les filtres", In("fr").T("filter.apply"))
	require.Equal(t, "no.such_key", In("fr").T("no.such_key", 1))
	require.Equal(t, "Filter entfernen: 100 %s %d%", In("de").T("filter.remove", "100 %s %d%"), "an argument is no template")
}

func TestLabel(t *testing.T) {
	require.Equal(t, "Export:", In("en").Label("list.export"))
	require.Equal(t, "Exporter\u00a0:", In("fr").Label("list.export"))
}

func TestForms(t *testing.T) {
	tests := map[string][3]string{
		"en":    {"0 activities", "1 activity", "1,234 activities"},
		"fr":    {"0 activité", "1 activité", "1\u00a0234 activités"},
		"de":    {"0 Aktivitäten", "1 Aktivität", "1.234 Aktivitäten"},
		"es":    {"0 actividades", "1 actividad", "1.234 actividades"},
		"pt-BR": {"0 atividade", "1 atividade", "1.234 atividades"},
	}
	for lang, want := range tests {
		for i, n := range []int{0, 1, 1234} {
			require.Equal(t, want[i], In(lang).T("list.count", n), lang)
		}
	}
}

func TestNumbers(t *testing.T) {
	tests := map[string][4]string{
		"en":    {"1,234,567", "0%", "3.5%", "50%"},
		"fr":    {"1\u00a0234\u00a0567", "0\u00a0%", "3,5\u00a0%", "50\u00a0%"},
		"de":    {"1.234.567", "0\u00a0%", "3,5\u00a0%", "50\u00a0%"},
		"es":    {"1.234.567", "0\u00a0%", "3,5\u00a0%", "50\u00a0%"},
		"pt-BR": {"1.234.567", "0%", "3,5%", "50%"},
	}
	for lang, want := range tests {
		p := In(lang)
		got := [4]string{p.Number(1234567), p.Percent(0), p.Percent(0.0346), p.Percent(0.5)}
		require.Equal(t, want, got, lang)
	}
}

// A share that is not nothing is never written as nothing, and one that is not all never
// as all.
func TestPercentAtTheEdges(t *testing.T) {
	p := In("en")
	require.Equal(t, "<0.1%", p.Percent(0.0001))
	require.Equal(t, ">99.9%", p.Percent(0.9999))
	require.Equal(t, "99.9%", p.Percent(0.999))
	require.Equal(t, "100%", p.Percent(1))
}

func TestDates(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	at := time.Date(2026, time.March, 5, 21, 7, 9, 0, paris)
	tests := map[string][3]string{
		"en":    {"Mar 5, 2026", "9:07:09 PM", "Mar 5, 2026, 9:07:09 PM"},
		"en-GB": {"5 Mar 2026", "21:07:09", "5 Mar 2026, 21:07:09"},
		"fr":    {"5 mars 2026", "21:07:09", "5 mars 2026, 21:07:09"},
		"de":    {"5. März 2026", "21:07:09", "5. März 2026, 21:07:09"},
		"es":    {"5 mar 2026", "21:07:09", "5 mar 2026, 21:07:09"},
		"pt-BR": {"5 de mar. de 2026", "21:07:09", "5 de mar. de 2026, 21:07:09"},
	}
	for lang, want := range tests {
		p := In(lang)
		require.Equal(t, want, [3]string{p.Date(at), p.Time(at), p.DateTime(at)}, lang)
	}
	require.Equal(t, "9:07 PM", In("en").Minute(at))
	require.Equal(t, "5. März 2026, 21:07", In("de").DateMinute(at))
}

func TestEveryMonthHasAName(t *testing.T) {
	for i := range variants {
		v := &variants[i]
		seen := map[string]bool{}
		for month := time.January; month <= time.December; month++ {
			date := v.formats.date(time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC))
			require.NotContains(t, date, "M ", v.tag)
			seen[date] = true
		}
		require.Len(t, seen, 12, v.tag)
	}
}

func TestZone(t *testing.T) {
	tests := []struct {
		zone, want string
		month      time.Month
	}{
		{"UTC", "UTC", time.January},
		{"Europe/Paris", "Europe/Paris (UTC+1)", time.January},
		{"Europe/Paris", "Europe/Paris (UTC+2)", time.July},
		{"America/New_York", "America/New_York (UTC−5)", time.January},
		{"America/St_Johns", "America/St_Johns (UTC−2:30)", time.July},
		{"Asia/Kathmandu", "Asia/Kathmandu (UTC+5:45)", time.January},
		{"Africa/Abidjan", "Africa/Abidjan (UTC)", time.January},
	}
	for _, test := range tests {
		location, err := time.LoadLocation(test.zone)
		require.NoError(t, err)
		require.Equal(t, test.want, In("fr").Zone(time.Date(2026, test.month, 1, 12, 0, 0, 0, location)))
	}
}

func TestAgo(t *testing.T) {
	now := time.Date(2026, time.March, 5, 21, 7, 9, 0, time.UTC)
	tests := []struct {
		age    time.Duration
		en, de string
	}{
		{-time.Hour, "just now", "gerade eben"},
		{4 * time.Second, "just now", "gerade eben"},
		{5 * time.Second, "5 seconds ago", "vor 5 Sekunden"},
		{time.Minute, "1 minute ago", "vor 1 Minute"},
		{3*time.Minute + 59*time.Second, "3 minutes ago", "vor 3 Minuten"},
		{time.Hour, "1 hour ago", "vor 1 Stunde"},
		{23*time.Hour + 59*time.Minute, "23 hours ago", "vor 23 Stunden"},
		{day, "1 day ago", "vor 1 Tag"},
		{7 * day, "7 days ago", "vor 7 Tagen"},
	}
	for _, test := range tests {
		require.Equal(t, test.en, In("en").Ago(now.Add(-test.age), now))
		require.Equal(t, test.de, In("de").Ago(now.Add(-test.age), now))
	}
}

func TestDuration(t *testing.T) {
	tests := map[time.Duration]string{
		0:                               "moins d’une seconde",
		time.Second:                     "1 seconde",
		-90 * time.Second:               "2 minutes",
		59*time.Second + 700e6:          "1 minute",
		5 * time.Minute:                 "5 minutes",
		59*time.Minute + 59*time.Second: "1 heure",
		6 * time.Hour:                   "6 heures",
		day:                             "1 jour",
		3 * day:                         "3 jours",
	}
	for d, want := range tests {
		require.Equal(t, want, In("fr").Duration(d), d)
	}
}

func TestSeveralGoroutinesUseOnePrinter(*testing.T) {
	p := In("fr")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for n := range 100 {
				_ = p.T("list.count", n) + p.Number(n) + p.Percent(float64(n)/100) + p.DateTime(time.Unix(int64(n), 0))
			}
		})
	}
	all.Wait()
}

func TestNames(t *testing.T) {
	p := In("de")
	require.Equal(t, "Private ZIS-Integrationen", p.Product("zis"))
	require.Equal(t, "acme-erp", p.Product("acme-erp"), "what nobody named is shown as it is")
	require.Equal(t, "Warnung", p.Status("warning"))
	require.Equal(t, "Ticketsynchronisation", p.Type("ticket_sync"))
	require.Equal(t, "Gemeldet", p.Evidence("reported"))
	require.NotEmpty(t, p.EvidenceMeans("reported"))
	require.Empty(t, p.EvidenceMeans("guessed"))
	require.Equal(t, "Konflikt", p.ErrorType("conflict"))
	require.Equal(t, "Bestellung", p.ObjectType("order"))
}
