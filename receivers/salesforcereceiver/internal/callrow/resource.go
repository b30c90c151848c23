// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package callrow // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"

import (
	"strings"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

// recordOf returns the id of the record that a resource names, as in
// /services/data/v64.0/sobjects/Case/500…. What else may stand there, such as the value of
// an external id, may be personal and is not returned.
func recordOf(uri string) string {
	path, _, _ := strings.Cut(uri, "?")
	_, rest, found := strings.Cut(path, "/sobjects/")
	if !found {
		return ""
	}
	// name, id, and perhaps what belongs to the record
	segments := strings.Split(rest, "/")
	if len(segments) < 2 {
		return ""
	}
	id := segments[1]
	// An id begins with three characters that stand for the object, in which there is a
	// digit: EmergencyContact is the name of a field.
	if _, ok := sfid.Parse(id); !ok || !strings.ContainsAny(id[:3], "0123456789") {
		return ""
	}
	return id
}

// actions are the parts of the API that are worth a name. What is not listed is not logged.
// Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_list.htm
var actions = map[string]bool{
	"sobjects": true, "query": true, "queryAll": true, "search": true, "parameterizedSearch": true, "composite": true, "jobs": true,
	"limits": true, "actions": true, "tooling": true, "apexrest": true, "describe": true, "analytics": true, "ui-api": true,
}

// actionOf returns the part of the API that a resource names: the segment after the
// version.
func actionOf(uri string) string {
	path, _, _ := strings.Cut(uri, "?")
	for segment := range strings.SplitSeq(path, "/") {
		if actions[segment] {
			return segment
		}
	}
	return ""
}
