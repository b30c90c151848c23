// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activity // import "github.com/integrationlog/integrationlog/internal/activity"

import "net/http"

// ErrorTypeOf classifies the status code that a call failed with.
// Source: https://www.rfc-editor.org/rfc/rfc9110#name-status-codes
func ErrorTypeOf(statusCode int) ErrorType {
	switch statusCode {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
		return ErrorAuthorization
	case http.StatusNotFound, http.StatusGone:
		return ErrorNotFound
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return ErrorTimeout
	case http.StatusConflict:
		return ErrorConflict
	case http.StatusTooManyRequests:
		return ErrorRateLimit
	case http.StatusLocked, http.StatusInsufficientStorage, http.StatusRequestEntityTooLarge:
		return ErrorLimit
	}
	switch {
	case statusCode >= 400 && statusCode < 500:
		return ErrorValidation
	case statusCode >= 500 && statusCode < 600:
		return ErrorRemoteOutage
	default:
		return ErrorOther
	}
}
