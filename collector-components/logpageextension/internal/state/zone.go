// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"

import (
	"fmt"
	"time"
	_ "time/tzdata" // a container may have no zones of its own
)

// maxZoneName is longer than any name that IANA has given.
const maxZoneName = 64

// LoadZone finds a zone by its IANA name. The zone of the machine, Local, is none: it says
// nothing to whoever gets the URL.
func LoadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" || len(name) > maxZoneName {
		return nil, fmt.Errorf("%q is not the name of a time zone", name)
	}
	return time.LoadLocation(name)
}
