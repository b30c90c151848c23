// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package words // import "github.com/integrationlog/integrationlog/internal/words"

import (
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// builtin is the built-in dictionary.
var builtin = compile(lists)

// lists are the words of the built-in dictionary, separated by commas. Every word is
// in its normal form, so that "débogage" stands here without its accent.
var lists = map[activity.Status][]string{
	activity.Debug: {
		// OpenTelemetry, syslog and common logging libraries.
		"debug, trace, verbose, dbg, fine, finer, finest, d, t, v",
		"debug2, debug3, debug4, trace2, trace3, trace4",
		// French.
		"debogage, deboguer",
	},
	activity.Info: {
		"info, information, informational, notice, log, i",
		"info2, info3, info4",
		// How activities go well, at Zendesk, Shopify and Salesforce.
		"success, successful, succeeded, ok, okay, accepted, completed, complete, done, finished, passed",
		"execution successful, delivered, sent, processed, received, fulfilled, paid, approved",
		"jobcomplete, job complete, uploadcomplete, upload complete",
		// Salesforce's REQUEST_STATUS: success, redirect.
		"s, r",
		// French.
		"informations, avis, succes, reussi, reussie, reussite, accepte, acceptee, termine, terminee",
		"livre, livree, envoye, envoyee, traite, traitee, recu, recue",
	},
	activity.Warning: {
		"warning, warn, w",
		"warn2, warn3, warn4",
		// What was held back and is tried again, or worked in part.
		"throttled, rate limited, rate limit, rate limit exceeded, too many requests, request limit exceeded",
		"retry, retrying, retried, degraded, partial, partial success, partially completed, attempted delivery",
		// Sunshine Conversations' client.status: the user turned the channel off.
		"blocked",
		// Salesforce's REQUEST_STATUS: not found, as often met by a search before a create.
		"n",
		// French.
		"avertissement, avertissements, attention, mise en garde, limite, limitee, bloque, bloquee",
		"nouvelle tentative, partiel, partielle",
	},
	activity.Error: {
		"error, err, errors, exception, e",
		"error2, error3, error4, fatal2, fatal3, fatal4",
		// What is worse than an error, in syslog and elsewhere.
		"fatal, critical, crit, alert, emerg, emergency, panic, dpanic, severe, c, f",
		// Zendesk's webhooks, messaging and job statuses.
		"failed, failure, fail, client error, server error, circuit broken, circuit open, circuit breaker open",
		"terminated, timeout, time out, timed out, refused, rejected, killed, aborted, expired",
		"not delivered, undelivered, undeliverable, bounced, declined, denied, crashed, invalid",
		// What HTTP and gRPC call it.
		"bad request, unauthorized, unauthorised, unauthenticated, forbidden, permission denied, conflict",
		"internal, internal error, internal server error, bad gateway, gateway timeout, deadline exceeded",
		"unavailable, service unavailable, server unavailable, uncategorized error, connection refused",
		// Salesforce's REQUEST_STATUS: authorization error.
		"a",
		// French.
		"erreur, erreurs, echec, echoue, echouee, critique, fatale, grave, alerte, urgence, panique",
		"erreur client, erreur du client, erreur serveur, erreur du serveur, circuit rompu, circuit ouvert",
		"refuse, refusee, rejete, rejetee, expire, expiree, interrompu, interrompue, abandonne, abandonnee",
		"delai depasse, delai d'attente depasse, non livre, non livree, invalide, indisponible",
	},
	// Known words that tell where something stands, and not how it went: what else
	// the record says decides, and at last the default.
	"": {
		"unknown, undefined, none, null, nil, n/a, na, unset, unspecified, default, other, u",
		"queued, pending, waiting, scheduled, working, running, processing, in progress, inprogress, started",
		"new, draft, open, opened, closed, active, inactive, cancelled, canceled, on hold, confirmed",
		"in transit, out for delivery, ready for pickup, label printed, label purchased",
		// French.
		"inconnu, inconnue, aucun, aucune, en attente, en cours, programme, nouveau, ouvert, ferme",
		"actif, inactif, annule, annulee",
	},
}

func compile(lists map[activity.Status][]string) map[string]activity.Status {
	entries := make(map[string]activity.Status)
	for status, lines := range lists {
		for _, line := range lines {
			for word := range strings.SplitSeq(line, ", ") {
				entries[word] = status
			}
		}
	}
	return entries
}
