// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package payload // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"

import "github.com/integrationlog/integrationlog/internal/allowlist"

var (
	orderReference   = allowlist.Members{"id": {Field: OrderID}}
	fulfillmentOrder = allowlist.Members{"id": {Field: ID}, "status": {Field: Status}, "order_id": {Field: OrderID}}
	reason           = allowlist.Members{"reason": {Field: Reason}}
)

var root = allowlist.Members{
	"id":                                 {Field: ID},
	"admin_graphql_api_id":               {Field: GraphQLID},
	"name":                               {Field: Name},
	"order_id":                           {Field: OrderID},
	"order":                              {Members: orderReference},
	"customer_id":                        {Field: CustomerID},
	"customerId":                         {Field: CustomerID},
	"admin_graphql_api_customer_id":      {Field: CustomerID},
	"admin_graphql_api_customer_kept_id": {Field: CustomerID},
	"fulfillment_id":                     {Field: FulfillmentID},
	"status":                             {Field: Status},
	"shipment_status":                    {Field: ShipmentStatus},
	"financial_status":                   {Field: FinancialStatus},
	"fulfillment_status":                 {Field: FulfillmentStatus},
	"cancel_reason":                      {Field: CancelReason},
	"state":                              {Field: State},
	"currency":                           {Field: Currency},
	"total_price":                        {Field: TotalPrice},
	"amount":                             {Field: Amount},
	"kind":                               {Field: Kind},
	"error_code":                         {Field: ErrorCode},
	"tracking_company":                   {Field: TrackingCompany},
	"reason":                             {Field: Reason},
	"happened_at":                        {Field: HappenedAt},
	"initiated_at":                       {Field: HappenedAt},
	"occurredAt":                         {Field: HappenedAt},
	"updated_at":                         {Field: UpdatedAt},
	"processed_at":                       {Field: ProcessedAt},
	"completed_at":                       {Field: ProcessedAt},
	"created_at":                         {Field: CreatedAt},
	"fields_changed":                     {Field: FieldsChanged, Whole: true},
	"data_request":                       {Members: allowlist.Members{"id": {Field: DataRequestID}}},
	"order_edit": {Members: allowlist.Members{
		"id": {Field: ID}, "order_id": {Field: OrderID}, "created_at": {Field: CreatedAt},
	}},
	"fulfillment_order":          {Members: fulfillmentOrder},
	"original_fulfillment_order": {Members: fulfillmentOrder},
	"fulfillment_order_merges":   {Members: allowlist.Members{"fulfillment_order": {Members: fulfillmentOrder}}},
	"fulfillment_hold":           {Members: reason},
	"created_fulfillment_hold":   {Members: reason},
	"decline":                    {Members: reason},
	// the ids of an Events delivery
	"query_variables": {Members: allowlist.Members{
		"customerId":         {Field: CustomerID},
		"fulfillmentOrderId": {Field: FulfillmentOrderID},
		"orderId":            {Field: OrderID},
		"refundId":           {Field: RefundID},
		"returnId":           {Field: ReturnID},
	}},
}
