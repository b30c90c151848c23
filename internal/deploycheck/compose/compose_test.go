// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNothingStartsWithoutAPasswordAndAContactPoint(t *testing.T) {
	for name := range needed {
		_, err := load(t, with(needed, name, ""))
		require.ErrorContains(t, err, name)
	}
}

// A version, and no name that means another image tomorrow.
var version = regexp.MustCompile(`:v?\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$`)

func TestImagesArePinned(t *testing.T) {
	for name, service := range project(t).Services {
		if service.Build != nil {
			assert.Equal(t, types.PullPolicyBuild, service.PullPolicy, "%s: nobody else's image of that name is taken", name)
			continue
		}
		assert.Regexp(t, version, service.Image, name)
	}
}

func TestEachServiceIsConfined(t *testing.T) {
	p := project(t)
	for name, service := range p.Services {
		assert.Equal(t, []string{"ALL"}, service.CapDrop, name)
		assert.Empty(t, service.CapAdd, name)
		assert.Contains(t, service.SecurityOpt, "no-new-privileges:true", name)
		assert.False(t, service.Privileged, name)
		assert.NotEqual(t, "host", service.NetworkMode, name)
		assert.NotRegexp(t, "^(0|root)(:|$)", service.User, name)
		assert.Positive(t, service.MemLimit, name)
		// Compose cannot write a secret of the environment into a file system that is read-only.
		ofEnvironment := slices.ContainsFunc(service.Secrets, func(s types.ServiceSecretConfig) bool { return p.Secrets[s.Source].Environment != "" })
		assert.Equal(t, !ofEnvironment, service.ReadOnly, "%s: read_only", name)
	}
}

func TestEachServiceComesBackAndSaysHowItIs(t *testing.T) {
	for name, service := range project(t).Services {
		assert.Equal(t, types.RestartPolicyUnlessStopped, service.Restart, name)
		assert.Equal(t, "local", service.Logging.Driver, "%s: logs that are rotated", name)
		require.NotNil(t, service.HealthCheck, name)
		require.NotEmpty(t, service.HealthCheck.Test, name)
		assert.Equal(t, "CMD", service.HealthCheck.Test[0], "%s: no image needs a shell", name)
		assert.NotNil(t, service.HealthCheck.StartPeriod, name)
		for dependency, how := range service.DependsOn {
			assert.Equal(t, types.ServiceConditionHealthy, how.Condition, "%s on %s", name, dependency)
		}
	}
	assert.Empty(t, project(t).Services["collector"].DependsOn, "webhooks are taken whether Loki is there or not")
}

func TestOnlyTwoPortsArePublishedAndOnThisMachine(t *testing.T) {
	published := map[string][]string{}
	for name, service := range project(t).Services {
		for _, port := range service.Ports {
			assert.Equal(t, "127.0.0.1", port.HostIP, name)
			published[name] = append(published[name], port.Published)
		}
	}
	assert.Equal(t, map[string][]string{"collector": {"8700"}, "grafana": {"3000"}}, published)

	opened, err := load(t, with(needed, "WEBHOOK_PUBLISH", "0.0.0.0:443"))
	require.NoError(t, err)
	assert.Equal(t, "0.0.0.0", opened.Services["collector"].Ports[0].HostIP)
	assert.Equal(t, "443", opened.Services["collector"].Ports[0].Published)
}

// What asks for no password is reached by the others only, and cannot reach out unless it
// has somebody to tell.
func TestStoresAreOnAnInternalNetwork(t *testing.T) {
	p := project(t)
	assert.True(t, p.Networks["inside"].Internal)
	assert.False(t, p.Networks["outside"].Internal)
	networks := map[string][]string{}
	for name, service := range p.Services {
		networks[name] = slices.Sorted(maps.Keys(service.Networks))
	}
	both, inside := []string{"inside", "outside"}, []string{"inside"}
	assert.Equal(t, map[string][]string{"collector": both, "grafana": both, "alertmanager": both, "loki": inside, "prometheus": inside}, networks)
}

func TestWhatIsMountedIsInTheRepository(t *testing.T) {
	for name, service := range project(t).Services {
		for _, volume := range service.Volumes {
			if volume.Type != types.VolumeTypeBind {
				continue
			}
			assert.True(t, volume.ReadOnly, "%s: %s", name, volume.Target)
			printed, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "--", volume.Source).Output()
			require.NoError(t, err)
			assert.NotEmpty(t, printed, "%s: %s", name, volume.Source)
		}
	}
}

// A volume that is not named is lost with its container.
func TestDataIsOnNamedVolumes(t *testing.T) {
	p := project(t)
	want := map[string]string{"collector": "/var/lib/integrationlog", "loki": "/loki", "grafana": "/var/lib/grafana", "prometheus": "/prometheus", "alertmanager": "/alertmanager"}
	found := map[string]string{}
	for name, service := range p.Services {
		for _, volume := range service.Volumes {
			if volume.Type == types.VolumeTypeVolume {
				assert.Contains(t, p.Volumes, volume.Source)
				found[name] = volume.Target
			}
		}
	}
	assert.Equal(t, want, found)
}

func TestEachVariableIsExplained(t *testing.T) {
	taken := variables(t, file)
	maps.Copy(taken, variables(t, otlpFile))
	maps.Copy(taken, variables(t, pageFile))
	values, commented := documented(t)
	assert.Equal(t, slices.Sorted(maps.Keys(taken)), slices.Sorted(maps.Keys(values)))
	for name, v := range taken {
		if v.fallback == "" {
			assert.Empty(t, values[name], "%s: an example that works is a default", name)
		} else {
			assert.Equal(t, v.fallback, values[name], name)
			assert.Contains(t, commented, name)
		}
		_, mustBe := needed[name]
		assert.Equal(t, mustBe || name == "OTLP_TOKEN" || name == "PAGE_HTPASSWD_FILE", v.required, name)
	}
}

func TestNoSecretHasADefault(t *testing.T) {
	secret := regexp.MustCompile(`PASSWORD|SECRET|TOKEN|CLIENT_ID|(_URL$)`)
	for name, v := range variables(t, file) {
		if name != "GF_SERVER_ROOT_URL" && secret.MatchString(name) {
			assert.Empty(t, v.fallback, name)
		}
	}
	for name, service := range project(t).Services {
		for key, value := range service.Environment {
			if value != nil && secret.MatchString(key) {
				of := needed[key]
				inside := strings.HasPrefix(*value, "http://")
				assert.True(t, inside || *value == of, "%s: %s=%s", name, key, *value)
			}
		}
	}
}

// assertOneLoopbackPortMore asserts that beside the port of webhooks a second one is
// published, both on this machine only, and that the rest is as before.
func assertOneLoopbackPortMore(t *testing.T, collector *types.ServiceConfig) {
	t.Helper()
	require.Len(t, collector.Ports, 2)
	for _, port := range collector.Ports {
		assert.Equal(t, "127.0.0.1", port.HostIP)
	}
	assert.True(t, collector.ReadOnly)
}

// Whoever reaches OTLP can write to the log of every product.
func TestOTLPIsOpenedOnlyWithAToken(t *testing.T) {
	_, err := load(t, needed, otlpFile)
	require.ErrorContains(t, err, "OTLP_TOKEN")

	p, err := load(t, with(needed, "OTLP_TOKEN", "canary"), otlpFile)
	require.NoError(t, err)
	collector := p.Services["collector"]
	assertOneLoopbackPortMore(t, &collector)
	last := collector.Command[len(collector.Command)-1]
	assert.Equal(t, "--config=/etc/integrationlog/otlp.yaml", last)
	var settings struct {
		Receivers struct {
			OTLP struct {
				Protocols map[string]struct {
					Endpoint string `yaml:"endpoint"`
					Auth     struct{ Authenticator string }
				}
			}
		}
	}
	parse(t, mounted(&collector, "/etc/integrationlog/otlp.yaml"), &settings)
	require.NotEmpty(t, settings.Receivers.OTLP.Protocols)
	for name, protocol := range settings.Receivers.OTLP.Protocols {
		assert.NotEmpty(t, protocol.Auth.Authenticator, name)
	}
}

// Whoever reaches the page without a login reads the log.
func TestTheLogPageIsOpenedOnlyWithUsers(t *testing.T) {
	_, err := load(t, needed, pageFile)
	require.ErrorContains(t, err, "PAGE_HTPASSWD_FILE")

	p, err := load(t, with(needed, "PAGE_HTPASSWD_FILE", "/etc/users"), pageFile)
	require.NoError(t, err)
	collector := p.Services["collector"]
	assertOneLoopbackPortMore(t, &collector)
	assert.Equal(t, "--config=/etc/integrationlog/log-page.yaml", collector.Command[len(collector.Command)-1])
	assert.Equal(t, "/etc/users", mounted(&collector, *collector.Environment["INTEGRATIONLOG_PAGE_HTPASSWD_FILE"]))
	var settings struct {
		Extensions struct {
			Page struct {
				Endpoint string
				Auth     struct{ Authenticator string }
			} `yaml:"log_page"`
		}
	}
	path := mounted(&collector, "/etc/integrationlog/log-page.yaml")
	parse(t, path, &settings)
	assert.Equal(t, "basicauth/page", settings.Extensions.Page.Auth.Authenticator)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for name := range collector.Environment {
		if strings.HasPrefix(name, "INTEGRATIONLOG_PAGE_") {
			assert.Contains(t, string(text), "${env:"+name, "log-page.yaml takes %s", name)
		}
	}
}
