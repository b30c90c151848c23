// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package salesforce is a simulated Salesforce organization: OAuth, queries and
// downloads of event log files over HTTP, and the Pub/Sub API over gRPC. It is written
// from Salesforce's pages, and shares no code with the receiver:
//
// https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm
// https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
// https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile.htm
package salesforce // import "github.com/integrationlog/integrationlog/internal/simulator/salesforce"
