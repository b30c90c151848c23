// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is a binary of this project.
type program struct {
	name string
	// module is the directory of its module, and main its package there.
	module, main string
}

var all = []program{
	{"otelcol-integrationlog", ".", "./cmd/otelcol-integrationlog"},
	{"integrationlog", "cmd/integrationlog", "."},
}

func names() []string {
	result := make([]string, 0, len(all))
	for _, p := range all {
		result = append(result, p.name)
	}
	return result
}

func find(name string) program {
	for _, p := range all {
		if p.name == name {
			return p
		}
	}
	return program{}
}

// target is a program for a platform.
type target struct {
	program
	root, version, goos, goarch string
}

func (o *options) target(name, platform string) target {
	goos, goarch, _ := strings.Cut(platform, "/")
	return target{find(name), o.root, o.version, goos, goarch}
}

// binary is the name of its file.
func (t target) binary() string {
	if t.goos == "windows" {
		return t.name + ".exe"
	}
	return t.name
}

// build compiles the program to the file. Nothing of the machine or the moment goes into
// it: no paths, no state of the working tree, and the version only as it was given.
func (t target) build(ctx context.Context, file string) error {
	const version = "github.com/integrationlog/integrationlog/collector-components.buildVersion"
	_, err := t.goTool(ctx, "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -buildid= -X "+version+"="+t.version, "-o", file, t.main)
	return err
}

// goTool runs the Go tool in the program's module and returns what it prints.
func (t target) goTool(ctx context.Context, arguments ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", arguments...)
	cmd.Dir = filepath.Join(t.root, t.module)
	// The levels of instructions are the lowest, whatever this machine is set to.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off",
		"GOOS="+t.goos, "GOARCH="+t.goarch, "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=")
	return output(cmd)
}

func output(cmd *exec.Cmd) (string, error) {
	var failure strings.Builder
	cmd.Stderr = &failure
	printed, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, failure.String())
	}
	return string(printed), nil
}
