// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
)

// The page speaks the language that the browser asks for.
func testLanguages(t *testing.T, w *world) {
	t.Helper()
	t.Run("French", func(t *testing.T) {
		v := w.open(t, browser.Visitor{Languages: "fr-CA, fr;q=0.9, en;q=0.5", Zone: "Europe/Brussels"}, "/", url.Values{"error_code": {"amount_too_large"}})
		failed := w.log.chosen(choice{errorCode: "amount_too_large"})
		assert.Equal(t, "fr", browser.MustEval[string](v.Tab, "document.documentElement.lang"))
		v.says("Journal des intégrations", "Date et heure", "Produit", "Statut", "Description", "Intégrations ZIS privées", "Erreur")
		for role, names := range map[string][]string{"Date": {"Date de début", "Date de fin"}, "InputTime": {"Heure de début", "Heure de fin"}, "button": {"Appliquer les filtres"}} {
			for _, name := range names {
				v.Find(role, name)
			}
		}
		rows, err := v.rows()
		require.NoError(t, err)
		assert.Equal(t, inFrench(failed[0].Time.In(zone(t, "Europe/Brussels"))), rows[0].When)
		v.Find("link", failed[0].Description).Click()
		v.says("Détails", "Signalé", "Données non valides")
		v.summary("Statut").Click()
		v.check("Avertissement")
		v.Find("button", "Appliquer les filtres").Follow()
		v.says("Réinitialiser les filtres", "Avertissement")
		assert.NotRegexp(t, english, browser.MustEval[string](v.Tab, "document.body.innerText"))
	})
	for tag, apply := range map[string]string{"de-AT": "Filter anwenden", "es-MX": "Aplicar filtros", "pt-BR": "Aplicar filtros", "ja": "Apply filters", "en-US": "Apply filters"} {
		t.Run(tag, func(t *testing.T) {
			v := w.open(t, browser.Visitor{Languages: tag}, "/", nil)
			v.Find("button", apply)
		})
	}
	t.Run("dates", func(t *testing.T) {
		for _, tag := range []string{"en", "en-GB", "fr", "de", "es", "pt-BR"} {
			for _, position := range []string{"", w.ask(t, url.Values{"limit": {"1"}}).Activities[0].Position} {
				v := w.open(t, browser.Visitor{Languages: tag}, "/", url.Values{"limit": {"250"}, "activity": {position}})
				cut := browser.MustEval[[]string](v.Tab, `[...document.querySelectorAll("td.when")].filter(td => td.scrollWidth > td.clientWidth).map(td => td.textContent)`)
				assert.Empty(t, cut, "%s: dates are cut off", tag)
			}
		}
	})
	t.Run("chosen", func(t *testing.T) {
		v := w.open(t, browser.Visitor{}, "/", url.Values{"status": {"error"}})
		v.summary("Time zone and language").Click()
		v.Find("combobox", "Language").Set("fr")
		v.Find("button", "Set").Follow()
		v.Find("button", "Appliquer les filtres").Follow()
		v.says("Journal des intégrations")
		assert.Contains(t, v.Address(), "lang=fr", "it stays with the filter")
	})
}

// english are words that a French page has no use for.
var english = regexp.MustCompile(`\b(the|and|with|filters?|activity|choose|show|no)\b`)

func inFrench(at time.Time) string {
	months := []string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."}
	return at.Format("2 ") + months[at.Month()-1] + at.Format(" 2006, 15:04:05")
}
