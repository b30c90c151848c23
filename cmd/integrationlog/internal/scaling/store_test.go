// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package scaling

import (
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// replicasOfLoki are the addresses of an empty Loki that has several replicas, such as three
// with config/scaling/loki.yaml: http://10.0.0.1:3100,http://10.0.0.2:3100,… Without them
// the embedded Loki is started.
var replicasOfLoki = flag.String("loki", "", "addresses of the replicas of an empty Loki, separated by commas")

// store is a Loki of one replica or of several.
type store struct {
	*harness.Loki

	replicas []*harness.Loki
}

func startStore(t *testing.T) *store {
	t.Helper()
	if *replicasOfLoki == "" {
		loki := harness.NewLokiAlone(t, binaries.AllInOne(t))
		loki.Run(t)
		return &store{Loki: loki.Loki, replicas: []*harness.Loki{loki.Loki}}
	}
	addresses := strings.Split(*replicasOfLoki, ",")
	s := &store{Loki: harness.NewLoki(newBalancer(t, addresses...).URL)}
	for _, address := range addresses {
		s.replicas = append(s.replicas, harness.NewLoki(address))
	}
	return s
}

// flush makes every replica write to disk what it has.
func (s *store) flush(t *testing.T) {
	t.Helper()
	for _, replica := range s.replicas {
		replica.FlushAll(t, time.Minute)
	}
}
