// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activity // import "github.com/integrationlog/integrationlog/internal/activity"

// EventName is the name of every record's event. Loki does not keep it.
const EventName = "integration.activity"

// Attributes of the resource. service.name and service.namespace are
// OpenTelemetry's semantic conventions.
const (
	// ServiceNameKey holds the product's slug, see [Product].
	ServiceNameKey = "service.name"
	// ServiceNamespaceKey always holds [ServiceNamespace].
	ServiceNamespaceKey = "service.namespace"
	// AccountKey tells whose integration it is: a shop domain, a Salesforce
	// organization id, a Sunshine Conversations app id, a Zendesk subdomain.
	AccountKey = "integration.account"
)

// ServiceNamespace is the namespace that all integrations share.
const ServiceNamespace = "integrations"

// Attributes of the record.
const (
	// ProductKey holds the product's slug, see [Product].
	ProductKey = "product"
	// StatusKey holds one of the four statuses, see [Status].
	StatusKey = "status"
	// StatusOriginalKey holds what the source said before the severity
	// processor settled on one of the four statuses.
	StatusOriginalKey = "status.original"
	// TypeKey tells what kind of work the activity was.
	TypeKey = "activity.type"
	// EvidenceKey tells how the activity is known, see [Evidence].
	EvidenceKey = "activity.evidence"
	// IDKey holds the source's id of the activity: the same on every
	// redelivery, and no other activity of the product has it.
	IDKey = "activity.id"
	// IntegrationNameKey tells which integration of the product it was.
	IntegrationNameKey = "integration.name"
	// ObjectTypeKey and ObjectIDKey tell what the activity was about.
	ObjectTypeKey = "activity.object.type"
	ObjectIDKey   = "activity.object.id"
	// ErrorTypeKey holds one of a small fixed set, see [ErrorType].
	ErrorTypeKey = "error.type"
	// ErrorCodeKey holds the vendor's own code of a failure.
	ErrorCodeKey = "error.code"
	// ErrorMessageKey holds the vendor's message of a failure.
	ErrorMessageKey = "error.message"
	// HTTPStatusCodeKey is OpenTelemetry's semantic convention.
	HTTPStatusCodeKey = "http.response.status_code"
	// PayloadKey holds the raw payload, only where include_payload asks for it.
	PayloadKey = "activity.payload"
	// SourceTimestampKey holds the source's time, RFC 3339, where it lies too far
	// ahead to be the record's own.
	SourceTimestampKey = "activity.source_timestamp"
)

// Product is the slug of a product of the log.
type Product string

// The products of Zendesk's integration log, and its webhooks.
const (
	Salesforce            Product = "salesforce"
	Shopify               Product = "shopify"
	BotBuilder            Product = "bot-builder"
	Actions               Product = "actions"
	Webhooks              Product = "webhooks"
	ZIS                   Product = "zis"
	SunshineConversations Product = "sunshine-conversations"
)

// Status is one of the four words by which Zendesk's integration log tells how an
// activity ended.
type Status string

// The four statuses, and no others.
const (
	Debug   Status = "debug"
	Info    Status = "info"
	Warning Status = "warning"
	Error   Status = "error"
)

// Evidence tells how we know of an activity.
type Evidence string

const (
	// Reported means that code which runs at Zendesk said so.
	Reported Evidence = "reported"
	// Observed means that its effect was seen.
	Observed Evidence = "observed"
	// SourceChange means that something changed which should be synchronised;
	// the outcome is not known.
	SourceChange Evidence = "source_change"
)

// ErrorType classifies a failure, so that a table of errors has few rows.
type ErrorType string

// The classes of failures. What fits none of them is [ErrorOther], as
// OpenTelemetry's semantic conventions name it.
const (
	ErrorAuthorization ErrorType = "authorization"
	ErrorRateLimit     ErrorType = "rate_limit"
	ErrorValidation    ErrorType = "validation"
	ErrorNotFound      ErrorType = "not_found"
	ErrorConflict      ErrorType = "conflict"
	ErrorTimeout       ErrorType = "timeout"
	ErrorRemoteOutage  ErrorType = "remote_outage"
	ErrorLimit         ErrorType = "limit"
	ErrorInternal      ErrorType = "internal"
	ErrorOther         ErrorType = "_OTHER"
)
