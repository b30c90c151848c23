// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package eventlogfile reads Salesforce's event log files, hourly and daily ones, and
// delivers the calls of the integration's users that failed, each once.
//
// A call may stand in several files: in RestApi's and in ApiTotalUsage's, in an hourly file
// and in the daily one, in a file and in the one that replaces it. Three rules see to it
// that none is doubled and none is lost:
//
//   - Each hour of each kind of call belongs to one source, which is a type of file with an
//     interval, for good: to the first whose file for that hour is read (hours). A row is
//     logged if its source has the row's hour. The better sources are read first: RestApi,
//     which tells the reason of a failure, before ApiTotalUsage, hourly files before daily
//     ones. Where an org has RestApi at all, ApiTotalUsage waits some hours for it. What
//     only a worse source has, such as the morning before hourly files were switched on or
//     calls over SOAP, it still gives. The hour of an hourly file that has to be given up
//     goes to the daily file.
//   - A row's key is its content, and its ordinal among the rows of equal content, so that
//     a file which replaces another, or is read again, gives the same keys. Increments of
//     one hour count on.
//   - Which keys of a file were delivered is remembered by file (ledger), after the pipeline
//     took them. A file that is begun again is compared row by row: how far it was read tells
//     nothing, because it may have been replaced after it was listed.
//
// Files are found by CreatedDate, which a replaced file has anew, and not by LogDate.
//
// Sources:
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/event_log_file_hourly_overview.htm
// https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/using_resources_event_log_files.htm
package eventlogfile // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"
