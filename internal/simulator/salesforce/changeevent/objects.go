// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import "slices"

// The objects that Zendesk's integration synchronises, with their standard fields. The
// first of Account stand in the order of Salesforce's own example.
var (
	Account = NewSchema("Account", slices.Concat([]Field{
		{"Name", SwitchablePersonName},
		{"Type", DynamicEnum},
		{"ParentId", EntityID},
		{"BillingAddress", Address},
		{"ShippingAddress", Address},
		{"Phone", Phone},
		{"Fax", Fax},
		{"AccountNumber", Text},
		{"Website", URL},
		{"Sic", Text},
		{"Industry", DynamicEnum},
		{"AnnualRevenue", Currency},
		{"NumberOfEmployees", Integer},
		{"Ownership", DynamicEnum},
		{"TickerSymbol", Text},
		{"Description", MultiLineText},
		{"Rating", DynamicEnum},
		{"Site", Text},
		{"OwnerId", EntityID},
	}, audit, []Field{
		{"Jigsaw", Text},
		{"AccountSource", DynamicEnum},
		{"SicDesc", Text},
	})...)

	Contact = NewSchema("Contact", slices.Concat([]Field{
		{"AccountId", EntityID},
		{"Name", PersonName},
		{"OtherAddress", Address},
		{"MailingAddress", Address},
		{"Phone", Phone},
		{"Fax", Fax},
		{"MobilePhone", Phone},
		{"ReportsToId", EntityID},
		{"Email", Email},
		{"Title", Text},
		{"Department", Text},
		{"LeadSource", DynamicEnum},
		{"Birthdate", DateOnly},
		{"Description", MultiLineText},
		{"OwnerId", EntityID},
		{"HasOptedOutOfEmail", Boolean},
		{"DoNotCall", Boolean},
	}, audit, []Field{
		{"EmailBouncedReason", Text},
		{"EmailBouncedDate", DateTime},
		{"IndividualId", EntityID},
	})...)

	Lead = NewSchema("Lead", slices.Concat([]Field{
		{"Name", PersonName},
		{"Title", Text},
		{"Company", Text},
		{"Address", Address},
		{"Phone", Phone},
		{"MobilePhone", Phone},
		{"Email", Email},
		{"Website", URL},
		{"Description", MultiLineText},
		{"LeadSource", DynamicEnum},
		{"Status", DynamicEnum},
		{"Industry", DynamicEnum},
		{"AnnualRevenue", Currency},
		{"NumberOfEmployees", Integer},
		{"OwnerId", EntityID},
		{"IsConverted", Boolean},
		{"ConvertedDate", DateOnly},
		{"ConvertedAccountId", EntityID},
		{"ConvertedContactId", EntityID},
	}, audit)...)

	Case = NewSchema("Case", slices.Concat([]Field{
		{"CaseNumber", Text},
		{"ContactId", EntityID},
		{"AccountId", EntityID},
		{"ParentId", EntityID},
		{"SuppliedName", Text},
		{"SuppliedEmail", Email},
		{"SuppliedPhone", Text},
		{"Type", DynamicEnum},
		{"RecordTypeId", EntityID},
		{"Status", DynamicEnum},
		{"Reason", DynamicEnum},
		{"Origin", DynamicEnum},
		{"Subject", Text},
		{"Priority", DynamicEnum},
		{"Description", MultiLineText},
		{"IsClosed", Boolean},
		{"ClosedDate", DateTime},
		{"IsEscalated", Boolean},
		{"OwnerId", EntityID},
	}, audit, []Field{
		{"Zendesk_Ticket_Id__c", Text},
	})...)
)

var audit = []Field{
	{"CreatedDate", DateTime},
	{"CreatedById", EntityID},
	{"LastModifiedDate", DateTime},
	{"LastModifiedById", EntityID},
}
