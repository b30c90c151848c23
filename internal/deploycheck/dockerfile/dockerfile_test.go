// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dockerfile

import (
	"bytes"
	"go/version"
	"os"
	"os/exec"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../../.."

// targets are the images with the licence of each as a whole.
var targets = map[string]string{"otelcol-integrationlog": "Apache-2.0", "integrationlog": "AGPL-3.0-only"}

func read(t *testing.T) (stages []instructions.Stage, arguments map[string]string) {
	t.Helper()
	text, err := os.ReadFile(root + "/Dockerfile")
	require.NoError(t, err)
	parsed, err := parser.Parse(bytes.NewReader(text))
	require.NoError(t, err)
	require.Empty(t, parsed.Warnings)
	lint := linter.New(&linter.Config{Warn: func(rule, _, _, message string, location []parser.Range) {
		t.Errorf("%s: %s, line %v", rule, message, location)
	}})
	stages, meta, err := instructions.Parse(parsed.AST, lint)
	require.NoError(t, err)
	arguments = map[string]string{}
	for _, command := range meta {
		for _, argument := range command.Args {
			require.NotNil(t, argument.Value, "%s has no default", argument.Key)
			arguments[argument.Key] = *argument.Value
		}
	}
	return stages, arguments
}

// final returns what a target executes, those of the stages it is based on first.
func final(t *testing.T, stages []instructions.Stage, name string) []instructions.Command {
	t.Helper()
	at := slices.IndexFunc(stages, func(s instructions.Stage) bool { return s.Name == name })
	require.GreaterOrEqual(t, at, 0, name)
	var commands []instructions.Command
	if slices.ContainsFunc(stages, func(s instructions.Stage) bool { return s.Name == stages[at].BaseName }) {
		commands = final(t, stages, stages[at].BaseName)
	} else {
		assert.Equal(t, "scratch", stages[at].BaseName)
	}
	return append(commands, stages[at].Commands...)
}

// last returns the last command of a type, which is the one that counts.
func last[C instructions.Command](t *testing.T, commands []instructions.Command) C {
	t.Helper()
	var found C
	ok := false
	for _, command := range commands {
		if c, is := command.(C); is {
			found, ok = c, true
		}
	}
	require.True(t, ok, "there is no %T", found)
	return found
}

func TestBasesAreNamedWithAVersion(t *testing.T) {
	stages, arguments := read(t)
	pinned := regexp.MustCompile(`^[a-z./-]+:\d+\.\d+\.\d+(-[a-z0-9.]+)?$`)
	for _, stage := range stages {
		isStage := slices.ContainsFunc(stages, func(s instructions.Stage) bool { return s.Name == stage.BaseName })
		if stage.BaseName == "scratch" || isStage {
			continue
		}
		base := os.Expand(stage.BaseName, func(name string) string { return arguments[name] })
		assert.Regexp(t, pinned, base)
		assert.Equal(t, "$BUILDPLATFORM", stage.Platform, "%s: Go compiles for other machines by itself", base)
	}
}

// The Go of the image has to be one that each go.mod takes, and the one that those of the
// programs name, whose standard library was looked through for known vulnerabilities.
func TestTheGoOfTheImageIsOneOfThisProject(t *testing.T) {
	_, arguments := read(t)
	image := "go" + arguments["GO_VERSION"]
	for module, isProgram := range map[string]bool{"/go.mod": true, "/cmd/integrationlog/go.mod": true, "/internal/release/go.mod": false} {
		text, err := os.ReadFile(root + module)
		require.NoError(t, err)
		least := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(text)
		require.NotNil(t, least, module)
		assert.LessOrEqual(t, version.Compare("go"+string(least[1]), image), 0, module)
		if isProgram {
			assert.Contains(t, string(text), "\ntoolchain "+image+"\n", module)
		}
	}
}

func TestNothingIsAddedFromElsewhere(t *testing.T) {
	stages, _ := read(t)
	for _, stage := range stages {
		for _, command := range stage.Commands {
			assert.NotEqual(t, "ADD", strings.ToUpper(command.Name()), "COPY says what it takes")
			if run, ok := command.(*instructions.RunCommand); ok {
				assert.NotRegexp(t, `apt-get|apk |curl|wget|sudo`, strings.Join(run.CmdLine, " "))
			}
		}
	}
}

func TestTheImagesRunAsNobodyAndWithoutAShell(t *testing.T) {
	stages, _ := read(t)
	for name := range targets {
		commands := final(t, stages, name)
		assert.Equal(t, "65532:65532", last[*instructions.UserCommand](t, commands).User, name)
		entrypoint := last[*instructions.EntrypointCommand](t, commands)
		assert.False(t, entrypoint.PrependShell, name)
		assert.Equal(t, "/"+name, strings.Join(entrypoint.CmdLine, " "), "and nothing else")
		health := last[*instructions.HealthCheckCommand](t, commands)
		assert.Equal(t, []string{"CMD", "/" + name, "health"}, health.Health.Test)
		for _, command := range commands {
			_, runs := command.(*instructions.RunCommand)
			assert.False(t, runs, "%s: nothing could run in it", name)
			if cmd, ok := command.(*instructions.CmdCommand); ok {
				assert.False(t, cmd.PrependShell, name)
			}
		}
	}
}

// A volume that is mounted there gets the owner of the directory.
func TestTheDataBelongsToTheUser(t *testing.T) {
	stages, _ := read(t)
	for name := range targets {
		commands := final(t, stages, name)
		data := last[*instructions.VolumeCommand](t, commands).Volumes
		require.Len(t, data, 1)
		environment := map[string]string{}
		owners := map[string]string{}
		for _, command := range commands {
			switch c := command.(type) {
			case *instructions.EnvCommand:
				for _, pair := range c.Env {
					environment[pair.Key] = pair.Value
				}
			case *instructions.CopyCommand:
				owners[c.DestPath] = c.Chown
				for _, source := range c.SourcePaths {
					owners[source+" to "+c.DestPath] = c.Chown
				}
			}
		}
		assert.Equal(t, data[0], environment["INTEGRATIONLOG_DATA_DIR"], name)
		// /data has the directory integrationlog, and nothing else.
		assert.Equal(t, "65532:65532", owners["/data/ to "+path.Dir(data[0])+"/"], name)
		assert.Contains(t, owners, "/etc/ssl/certs/", "%s: vendors are called by TLS", name)
	}
}

func TestTheImagesSayWhatTheyAre(t *testing.T) {
	stages, _ := read(t)
	for name, license := range targets {
		labels := map[string]string{}
		for _, command := range final(t, stages, name) {
			if label, ok := command.(*instructions.LabelCommand); ok {
				for _, pair := range label.Labels {
					labels[pair.Key] = strings.Trim(pair.Value, `"`)
				}
			}
		}
		const prefix = "org.opencontainers.image."
		assert.Equal(t, name, labels[prefix+"title"])
		assert.Equal(t, license, labels[prefix+"licenses"])
		for _, label := range []string{"description", "source", "documentation", "version", "revision", "vendor"} {
			assert.NotEmpty(t, labels[prefix+label], label)
		}
	}
	assert.Equal(t, "otelcol-integrationlog", stages[len(stages)-1].Name, "without a target nobody gets what is AGPL")
}

// ignored says whether .dockerignore keeps a file out of what is sent to the build.
func ignored(t *testing.T) func(file string) bool {
	t.Helper()
	text, err := os.ReadFile(root + "/.dockerignore")
	require.NoError(t, err)
	patterns, err := ignorefile.ReadAll(bytes.NewReader(text))
	require.NoError(t, err)
	matcher, err := patternmatcher.New(patterns)
	require.NoError(t, err)
	return func(file string) bool {
		matches, err := matcher.MatchesOrParentMatches(file)
		require.NoError(t, err)
		return matches
	}
}

func TestSecretsAndLargeDirectoriesAreNotSentToTheBuild(t *testing.T) {
	out := ignored(t)
	for _, file := range []string{".git/HEAD", "config/.env", "config/kubernetes/example/push.env", "server.key", "data/queue/x", "dist/x", "bin/integrationlog", "dashboards/node_modules/x/y.js"} {
		assert.True(t, out(file), file)
	}
}

// What is copied, and every source that is compiled, has to be there.
func TestTheBuildGetsItsSources(t *testing.T) {
	out := ignored(t)
	printed, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files").Output()
	require.NoError(t, err)
	for file := range strings.Lines(string(printed)) {
		file = strings.TrimSpace(file)
		compiled := path.Ext(file) == ".go" && !strings.HasSuffix(file, "_test.go") || strings.HasPrefix(path.Base(file), "go.")
		if compiled && !strings.HasPrefix(file, "docs/") {
			assert.False(t, out(file), file)
		}
	}
	stages, _ := read(t)
	for _, stage := range stages {
		for _, command := range stage.Commands {
			copied, ok := command.(*instructions.CopyCommand)
			if !ok || copied.From != "" {
				continue
			}
			for _, source := range copied.SourcePaths {
				_, err := os.Stat(path.Join(root, source))
				require.NoError(t, err)
				assert.False(t, source != "." && out(source), source)
			}
		}
	}
	for _, needed := range []string{"LICENSE", "NOTICE", "config/all-in-one.yaml", "cmd/integrationlog/embeddedlokiextension/loki.yaml"} {
		assert.False(t, out(needed), needed)
	}
}
