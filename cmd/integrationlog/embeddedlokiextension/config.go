// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/grafana/loki/v3/pkg/loki"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokiconfig"
)

// minRetention is the shortest log: Loki keeps an index file a day, and drops
// records no finer than that.
const minRetention = 24 * time.Hour

// Config is the configuration of the embedded Loki.
type Config struct {
	// Directory is where Loki keeps everything. It is created if it is missing, and
	// belongs to one process at a time.
	Directory string `mapstructure:"directory"`
	// HTTP is where Loki takes records and answers queries.
	HTTP ListenerConfig `mapstructure:"http"`
	// GRPC is where the parts of Loki speak to each other.
	GRPC ListenerConfig `mapstructure:"grpc"`
	// Retention is how long records are kept, and how far back they are shown. At
	// least 24h.
	Retention time.Duration `mapstructure:"retention"`
	// Fsync lets Loki acknowledge records only once the disk has them, so that a power cut
	// loses none.
	Fsync bool `mapstructure:"fsync"`
	// ConfigFile names a configuration file of Loki that replaces the built-in one,
	// and with it all settings above. Empty for the built-in one.
	ConfigFile string `mapstructure:"config_file"`
	// ReadyTimeout is how long Loki may take to become ready, most of which is spent
	// on reading its write-ahead log back.
	ReadyTimeout time.Duration `mapstructure:"ready_timeout"`

	_ struct{}
}

// ListenerConfig says where Loki listens.
type ListenerConfig struct {
	// Endpoint is host:port. The host is a loopback address or localhost; port 0
	// takes any free port.
	Endpoint string `mapstructure:"endpoint"`

	_ struct{}
}

var (
	_ component.Config  = (*Config)(nil)
	_ confmap.Validator = (*Config)(nil)
)

// Validate implements confmap.Validator. It reads the configuration file of Loki,
// if there is one, as Loki would.
func (c *Config) Validate() error {
	var errs []error
	if c.ReadyTimeout <= 0 {
		errs = append(errs, errors.New("ready_timeout must be longer than 0s"))
	}
	if c.ConfigFile != "" {
		_, err := c.loadFile()
		return errors.Join(append(errs, err)...)
	}
	if c.Directory == "" {
		errs = append(errs, errors.New("directory is empty: name the directory for Loki's data"))
	}
	if c.Retention < minRetention {
		errs = append(errs, fmt.Errorf("retention %s is shorter than %s, the shortest that Loki's daily index allows", c.Retention, minRetention))
	}
	if _, _, err := c.HTTP.split(); err != nil {
		errs = append(errs, fmt.Errorf("http.endpoint %w", err))
	}
	if _, _, err := c.GRPC.split(); err != nil {
		errs = append(errs, fmt.Errorf("grpc.endpoint %w", err))
	}
	return errors.Join(errs...)
}

func (l *ListenerConfig) split() (host string, port int, err error) {
	host, portText, err := net.SplitHostPort(l.Endpoint)
	if err != nil {
		return "", 0, fmt.Errorf("%q must be host:port, such as 127.0.0.1:3100: %w", l.Endpoint, err)
	}
	number, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return "", 0, fmt.Errorf("%q has no port between 0 and 65535", l.Endpoint)
	}
	if err := lokiconfig.CheckLoopbackHost(host); err != nil {
		return "", 0, fmt.Errorf("%q: %w: the embedded Loki asks nobody for a password, so use 127.0.0.1; run Loki on its own to share it", l.Endpoint, err)
	}
	return host, int(number), nil
}

// load returns the configuration for Loki.
func (c *Config) load(ctx context.Context) (*loki.ConfigWrapper, error) {
	if c.ConfigFile != "" {
		return c.loadFile()
	}
	override, err := c.override(ctx)
	if err != nil {
		return nil, err
	}
	return lokiconfig.Load("the built-in loki.yaml", builtin, override)
}

func (c *Config) loadFile() (*loki.ConfigWrapper, error) {
	text, err := os.ReadFile(c.ConfigFile)
	if err != nil {
		return nil, fmt.Errorf("config_file cannot be read: %w", err)
	}
	name := fmt.Sprintf("config_file %q", c.ConfigFile)
	loaded, err := lokiconfig.Load(name, text, nil)
	if err != nil {
		return nil, err
	}
	if err := lokiconfig.CheckPrivate(loaded); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return loaded, nil
}

// override puts the settings of the extension in the place of loki.yaml's.
func (c *Config) override(ctx context.Context) (lokiconfig.Override, error) {
	directory, err := filepath.Abs(c.Directory)
	if err != nil {
		return nil, fmt.Errorf("directory %q: %w", c.Directory, err)
	}
	httpHost, httpPort, err := c.HTTP.split()
	if err != nil {
		return nil, fmt.Errorf("http.endpoint %w", err)
	}
	grpcHost, grpcPort, err := c.GRPC.split()
	if err != nil {
		return nil, fmt.Errorf("grpc.endpoint %w", err)
	}
	if grpcPort == 0 {
		// The parts of Loki are told it before any of them listens.
		if grpcPort, err = freePort(ctx, grpcHost); err != nil {
			return nil, fmt.Errorf("grpc.endpoint: no free port: %w", err)
		}
	}
	return func(l *loki.ConfigWrapper) {
		l.Server.HTTPListenAddress, l.Server.HTTPListenPort = httpHost, httpPort
		l.Server.GRPCListenAddress, l.Server.GRPCListenPort = grpcHost, grpcPort
		// The parts of Loki find each other at the address of gRPC.
		l.Common.InstanceAddr, l.Common.Ring.InstanceAddr = grpcHost, grpcHost
		scheduler := net.JoinHostPort(grpcHost, strconv.Itoa(grpcPort))
		l.Frontend.FrontendV2.SchedulerAddress, l.Worker.SchedulerAddress = scheduler, scheduler
		l.Common.PathPrefix = directory
		l.Common.Storage.FSConfig.ChunksDirectory = filepath.Join(directory, "chunks")
		l.Common.Storage.FSConfig.RulesDirectory = filepath.Join(directory, "rules")
		overrideRetention(l, c.Retention)
	}, nil
}
