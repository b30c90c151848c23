// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package payload // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"

// node says what to keep of a member of an object.
type node struct {
	// field is what a string, number or list of names is kept as.
	field Field
	// members are entered where the value is an object.
	members map[string]node
}

var (
	orderReference   = map[string]node{"id": {field: OrderID}}
	fulfillmentOrder = map[string]node{"id": {field: ID}, "status": {field: Status}, "order_id": {field: OrderID}}
	reason           = map[string]node{"reason": {field: Reason}}
)

var root = map[string]node{
	"id":                                 {field: ID},
	"admin_graphql_api_id":               {field: GraphQLID},
	"name":                               {field: Name},
	"order_id":                           {field: OrderID},
	"order":                              {members: orderReference},
	"customer_id":                        {field: CustomerID},
	"customerId":                         {field: CustomerID},
	"admin_graphql_api_customer_id":      {field: CustomerID},
	"admin_graphql_api_customer_kept_id": {field: CustomerID},
	"fulfillment_id":                     {field: FulfillmentID},
	"status":                             {field: Status},
	"shipment_status":                    {field: ShipmentStatus},
	"financial_status":                   {field: FinancialStatus},
	"fulfillment_status":                 {field: FulfillmentStatus},
	"cancel_reason":                      {field: CancelReason},
	"state":                              {field: State},
	"currency":                           {field: Currency},
	"total_price":                        {field: TotalPrice},
	"amount":                             {field: Amount},
	"kind":                               {field: Kind},
	"error_code":                         {field: ErrorCode},
	"tracking_company":                   {field: TrackingCompany},
	"reason":                             {field: Reason},
	"happened_at":                        {field: HappenedAt},
	"initiated_at":                       {field: HappenedAt},
	"occurredAt":                         {field: HappenedAt},
	"updated_at":                         {field: UpdatedAt},
	"processed_at":                       {field: ProcessedAt},
	"completed_at":                       {field: ProcessedAt},
	"created_at":                         {field: CreatedAt},
	"fields_changed":                     {field: FieldsChanged},
	"data_request":                       {members: map[string]node{"id": {field: DataRequestID}}},
	"order_edit": {members: map[string]node{
		"id": {field: ID}, "order_id": {field: OrderID}, "created_at": {field: CreatedAt},
	}},
	"fulfillment_order":          {members: fulfillmentOrder},
	"original_fulfillment_order": {members: fulfillmentOrder},
	"fulfillment_order_merges":   {members: map[string]node{"fulfillment_order": {members: fulfillmentOrder}}},
	"fulfillment_hold":           {members: reason},
	"created_fulfillment_hold":   {members: reason},
	"decline":                    {members: reason},
	// the ids of an Events delivery
	"query_variables": {members: map[string]node{
		"customerId":         {field: CustomerID},
		"fulfillmentOrderId": {field: FulfillmentOrderID},
		"orderId":            {field: OrderID},
		"refundId":           {field: RefundID},
		"returnId":           {field: ReturnID},
	}},
}
