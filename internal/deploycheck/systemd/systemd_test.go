// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-systemd/v22/unit"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const (
	directory   = "../../../config/systemd"
	environment = directory + "/environment.example"
)

// programs are the units, by their name, with what their configuration has as its limit of
// memory, and how long a stop may take.
var programs = map[string]string{"integrationlog": "all-in-one.yaml", "otelcol-integrationlog": "gateway.yaml"}

// options returns the settings of a section. Those that a unit repeats are in order.
func options(t *testing.T, name, section string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(directory, name+".service"))
	require.NoError(t, err)
	parsed, err := unit.DeserializeOptions(bytes.NewReader(text))
	require.NoError(t, err)
	found := map[string][]string{}
	for _, option := range parsed {
		if option.Section == section {
			found[option.Name] = append(found[option.Name], option.Value)
		}
	}
	require.NotEmpty(t, found, section)
	return found
}

func TestAUnitRunsItsProgramAndComesBack(t *testing.T) {
	for name := range programs {
		service := options(t, name, "Service")
		program, _, _ := strings.Cut(service["ExecStart"][0], " ")
		assert.Equal(t, "/usr/local/bin/"+name, program)
		assert.Equal(t, []string{"always"}, service["Restart"], name)
		assert.Equal(t, []string{"0"}, options(t, name, "Unit")["StartLimitIntervalSec"], name)
		assert.Equal(t, []string{"multi-user.target"}, options(t, name, "Install")["WantedBy"], name)
	}
}

// A push to Loki may take 30 s; a stop that is cut off before costs a second push.
func TestAStopMayTakeAsLongAsAPush(t *testing.T) {
	for name := range programs {
		stop, err := time.ParseDuration(options(t, name, "Service")["TimeoutStopSec"][0])
		require.NoError(t, err)
		assert.GreaterOrEqual(t, stop, time.Minute, name)
	}
}

func TestTheDataIsWhereTheServiceMayWrite(t *testing.T) {
	for name := range programs {
		service := options(t, name, "Service")
		assert.Equal(t, []string{name}, service["StateDirectory"])
		assert.Equal(t, []string{"0700"}, service["StateDirectoryMode"])
		assert.Contains(t, service["Environment"], "INTEGRATIONLOG_DATA_DIR=%S/"+name)
		assert.Equal(t, []string{"strict"}, service["ProtectSystem"])
		assert.Equal(t, []string{"yes"}, service["DynamicUser"])
	}
}

var fallback = regexp.MustCompile(`(?:\$\{env:[A-Z_]+:-)?(\d+)\}?`)

// The collector refuses first, then Go's garbage collector works harder, and only then the
// kernel kills.
func TestTheLimitsOfMemoryAreInOrder(t *testing.T) {
	for name, configuration := range programs {
		text, err := os.ReadFile("../../../config/" + configuration)
		require.NoError(t, err)
		var settings struct {
			Processors struct {
				Limiter struct {
					Limit string `yaml:"limit_mib"`
				} `yaml:"memory_limiter"`
			}
		}
		require.NoError(t, yaml.Unmarshal(text, &settings))
		limit, err := strconv.Atoi(fallback.FindStringSubmatch(settings.Processors.Limiter.Limit)[1])
		require.NoError(t, err)

		service := options(t, name, "Service")
		collector := 0
		for _, assignment := range service["Environment"] {
			if mib, ok := strings.CutPrefix(assignment, "GOMEMLIMIT="); ok {
				collector, err = strconv.Atoi(strings.TrimSuffix(mib, "MiB"))
				require.NoError(t, err)
			}
		}
		kernel := strings.NewReplacer("G", " 1024", "M", " 1").Replace(service["MemoryMax"][0])
		number, unit, _ := strings.Cut(kernel, " ")
		size, err := strconv.Atoi(number)
		require.NoError(t, err)
		factor, err := strconv.Atoi(unit)
		require.NoError(t, err)
		assert.Less(t, limit, collector, name)
		assert.Less(t, collector, size*factor, name)
	}
}

// Secrets are in a file that systemd reads, never in the unit, which everybody can.
func TestSecretsAreNotInTheUnit(t *testing.T) {
	for name := range programs {
		service := options(t, name, "Service")
		assert.Equal(t, []string{"/etc/integrationlog/environment"}, service["EnvironmentFile"])
		for _, assignment := range service["Environment"] {
			assert.NotRegexp(t, "SECRET|TOKEN|PASSWORD|CLIENT_ID", assignment)
		}
	}
}

func TestTheExampleSwitchesEveryProductOn(t *testing.T) {
	text, err := os.ReadFile("../../../config/products.yaml")
	require.NoError(t, err)
	var products struct {
		Products []struct{ Variables []string }
	}
	require.NoError(t, yaml.Unmarshal(text, &products))
	require.NotEmpty(t, products.Products)
	example, err := os.ReadFile(environment)
	require.NoError(t, err)
	for _, product := range products.Products {
		for _, variable := range product.Variables {
			assert.Regexp(t, `(?m)^#`+variable+`=`, string(example))
		}
	}
	assert.NotRegexp(t, `(?m)^[^#\n]`, string(example), "as it is, it switches nothing on")
}

// exposure is how systemd rates what a service that is taken over could do, from 0 to 10.
var exposure = regexp.MustCompile(`Overall exposure level for \S+: ([\d.]+)`)

// A copy names a program that is there: systemd wants to see it.
func TestSystemdTakesTheUnits(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("CI installs systemd for this")
		}
		t.Skip("systemd-analyze is not installed")
	}
	for name := range programs {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(directory, name+".service"))
			require.NoError(t, err)
			copied := filepath.Join(t.TempDir(), name+".service")
			there := strings.ReplaceAll(string(text), "/usr/local/bin/"+name, analyze)
			require.NoError(t, os.WriteFile(copied, []byte(there), 0o600))

			printed, err := exec.CommandContext(t.Context(), analyze, "verify", copied).CombinedOutput()
			require.NoError(t, err, string(printed))
			assert.Empty(t, string(printed), "what systemd would ignore")

			printed, err = exec.CommandContext(t.Context(), analyze, "security", "--offline=true", copied).CombinedOutput()
			require.NoError(t, err, string(printed))
			rated := exposure.FindSubmatch(printed)
			require.NotNil(t, rated, string(printed))
			level, err := strconv.ParseFloat(string(rated[1]), 64)
			require.NoError(t, err)
			assert.Less(t, level, 1.5)
		})
	}
}
