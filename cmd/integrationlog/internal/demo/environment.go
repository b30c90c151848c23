// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"regexp"
	"strconv"
	"strings"
)

// dataDirectory is the variable of where the collector keeps everything.
const dataDirectory = "INTEGRATIONLOG_DATA_DIR"

// variable is how a configuration names an environment variable.
var variable = regexp.MustCompile(`\$\{env:(\w+)`)

// environment returns the environment of the collector: that of the demo, in which every
// variable of the configuration has the demo's value or none. So the accounts and the log of
// whoever runs the demo are never touched.
func environment(inherited []string, config string, values map[string]string) []string {
	of := map[string]bool{}
	for _, match := range variable.FindAllStringSubmatch(config, -1) {
		of[match[1]] = true
	}
	var result []string
	for _, setting := range inherited {
		name, _, _ := strings.Cut(setting, "=")
		if _, given := values[name]; !given && !of[name] {
			result = append(result, setting)
		}
	}
	for name, value := range values {
		result = append(result, name+"="+value)
	}
	return result
}

// portVariables are the variables that move the ports.
func portVariables(ports []port) map[string]string {
	values := map[string]string{}
	for _, p := range ports {
		values[p.variable] = strconv.Itoa(p.number)
	}
	return values
}
