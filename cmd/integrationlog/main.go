// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Command integrationlog is Integration Log on one machine: the collector with all
// its components, and Loki in the same process. Without --config it runs the
// all-in-one configuration, which needs nothing but environment variables.
//
// It links Grafana Loki, so as a whole it is AGPL-3.0; see NOTICE.
package main // import "github.com/integrationlog/integrationlog/cmd/integrationlog"

import (
	"fmt"
	"os"

	_ "google.golang.org/grpc/encoding/proto" // first, see package embeddedlokiextension

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/command"
)

func main() {
	cmd, err := command.New(os.Stdout)
	if err == nil {
		err = cmd.Execute()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}
