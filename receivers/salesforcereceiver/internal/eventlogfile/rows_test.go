// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile

import (
	"fmt"
	"strings"
	"time"
)

// headers are the beginnings of files, by type of event.
var headers = map[string]string{
	"RestApi": `"EVENT_TYPE","TIMESTAMP","REQUEST_ID","ORGANIZATION_ID","USER_ID","RUN_TIME","URI","METHOD","STATUS_CODE","REQUEST_STATUS",` +
		`"EXCEPTION_MESSAGE","ENTITY_NAME","USER_ID_DERIVED"` + "\n",
	"ApiTotalUsage": `"EVENT_TYPE","TIMESTAMP","REQUEST_ID","API_FAMILY","API_RESOURCE","CONNECTED_APP_NAME","ENTITY_NAME","HTTP_METHOD","STATUS_CODE","USER_ID"` + "\n",
	"BulkApi2":      `"EVENT_TYPE","TIMESTAMP","REQUEST_ID","USER_ID","JOB_ID","JOB_STATUS","OPERATION_TYPE","ENTITY_TYPE","RECORDS_FAILED","RECORDS_PROCESSED"` + "\n",
	"Login":         `"EVENT_TYPE","TIMESTAMP","REQUEST_ID","USER_ID","LOGIN_STATUS","REQUEST_STATUS","CLIENT_IP","USER_NAME"` + "\n",
}

func csv(fields ...string) string {
	for i, field := range fields {
		fields[i] = `"` + strings.ReplaceAll(field, `"`, `""`) + `"`
	}
	return strings.Join(fields, ",") + "\n"
}

func at(hour, minute int) string {
	return day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute).Format("20060102150405.000")
}

// restRow is a row of a call that failed, at a minute of the day.
func restRow(request string, hour, minute int) string {
	return csv("RestApi", at(hour, minute), request, "00D5e000000AbCd", user, "31", "/services/data/v64.0/sobjects/Case", "POST", "400", "F",
		`"DUPLICATES_DETECTED: Use one of these records?"`, "Case", user+"AAA")
}

// usageRow is a row of a call that failed, as ApiTotalUsage has it.
func usageRow(request, family string, hour, minute int) string {
	return csv("ApiTotalUsage", at(hour, minute), request, family, "/v64.0/sobjects/Case", "Zendesk", "Case", "POST", "400", user)
}

// foreignRow is a row of another user.
func foreignRow(hour int) string {
	return csv("RestApi", at(hour, 0), "TID:other", "00D5e000000AbCd", "0055e000000Jane", "31", "/services/data/v64.0/sobjects/Case", "POST", "400", "F", "", "Case", "")
}

func manyRows(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(restRow(fmt.Sprintf("TID:%d", i), i/60%24, i%60))
	}
	return b.String()
}
