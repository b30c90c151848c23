// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package verdict tells what an answer to a push means. The answer may be Loki's own, or
// one of a proxy before it.
package verdict // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/verdict"

import (
	"encoding/json"
	"mime"
	"net/http"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

// Verdict is what an answer means for the records of the push.
type Verdict int

const (
	// Later means that the push has to be sent again.
	Later Verdict = iota
	// Stored means that Loki has all of them.
	Stored
	// Refused means that Loki will never take all of them as they are.
	Refused
)

const (
	protobufType = "application/x-protobuf"
	jsonType     = "application/json"
)

// Judge reads an answer. Loki says 204 when it has stored everything, and 400 or 422
// when it refuses something for good; whatever else comes is not Loki's last word.
// pushType is the content type of the push, body the beginning of the answer's body.
func Judge(code int, header http.Header, body []byte, pushType string) Verdict {
	switch code {
	case http.StatusNoContent:
		return Stored
	case http.StatusOK:
		return judgeOK(header, body, pushType)
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		// A page is a proxy's: Loki answers with a protobuf status. Without a page it is
		// taken for Loki's, and the records go to the dead-letter file.
		if isHTML(header, body) {
			return Later
		}
		return Refused
	default:
		return Later
	}
}

// judgeOK judges 200, which Loki does not send, but an OTLP endpoint before it may: then
// with an OTLP response. A login page comes with 200 as well.
func judgeOK(header http.Header, body []byte, pushType string) Verdict {
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || mediaType != pushType {
		return Later
	}
	response := plogotlp.NewExportResponse()
	switch mediaType {
	case protobufType:
		err = response.UnmarshalProto(body)
	case jsonType:
		var fields map[string]json.RawMessage
		if err = json.Unmarshal(body, &fields); err == nil {
			delete(fields, "partialSuccess")
			if len(fields) > 0 {
				return Later
			}
			err = response.UnmarshalJSON(body)
		}
	default:
		return Later
	}
	switch {
	case err != nil:
		return Later
	case response.PartialSuccess().RejectedLogRecords() > 0:
		return Refused
	default:
		return Stored
	}
}

func isHTML(header http.Header, body []byte) bool {
	return strings.HasPrefix(header.Get("Content-Type"), "text/html") ||
		strings.HasPrefix(http.DetectContentType(body), "text/html")
}

// MaybeStored tells whether a push that was answered with this code, and not with
// success, may have been stored in part or in whole. An answer by which the request was
// turned away before anybody looked at its records leaves no doubt.
func MaybeStored(code int) bool {
	if code >= 300 && code < 400 {
		return false
	}
	switch code {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound,
		http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusProxyAuthRequired, http.StatusGone,
		http.StatusLengthRequired, http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong,
		http.StatusUnsupportedMediaType, http.StatusExpectationFailed, http.StatusMisdirectedRequest,
		http.StatusUpgradeRequired, http.StatusPreconditionRequired, http.StatusRequestHeaderFieldsTooLarge,
		http.StatusUnavailableForLegalReasons:
		return false
	default:
		return true
	}
}

// Reason returns the text of a refusal, for people: the message of Loki's status, or the
// body itself if it is text.
func Reason(resp *http.Response, body []byte) string {
	const limit = 4096
	var s status.Status
	if err := proto.Unmarshal(body, &s); err == nil && s.GetMessage() != "" {
		return lokiapi.Excerpt(s.GetMessage(), resp, limit)
	}
	if strings.HasPrefix(http.DetectContentType(body), "text/") {
		return lokiapi.Excerpt(string(body), resp, limit)
	}
	return ""
}
