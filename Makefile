# What a developer does here, by name. Each target with a ## comment is in `make help`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

GO ?= go
# The root module, and the all-in-one, the only one that links Loki.
ALL_IN_ONE := cmd/integrationlog
MODULES := . $(ALL_IN_ONE)
# The tools have a module of their own, so that their dependencies are nobody else's.
TOOL := $(GO) tool -modfile=$(CURDIR)/internal/tools/go.mod
# The race detector needs a C compiler; Go turns cgo off where there is none.
RACE := $(if $(filter 1,$(shell $(GO) env CGO_ENABLED)),-race)
# How long each fuzz target runs.
FUZZTIME ?= 10s
# What the configurations ask of their environment, for checks that connect to nothing.
CONFIG_ENV := SHOPIFY_WEBHOOK_SECRET=not-a-secret

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "%-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: build ## Run the main job end to end: signed webhooks in, log lines out, until Ctrl-C
	$(GO) run ./internal/demo bin/integrationlog

.PHONY: run
run: build ## Run the all-in-one with the settings of the environment
	bin/integrationlog

.PHONY: build
build: ## Build both binaries into bin/
	$(GO) build -o bin/ ./cmd/otelcol-integrationlog
	$(GO) build -C $(ALL_IN_ONE) -o $(CURDIR)/bin/ .

.PHONY: install
install: ## Install both binaries into Go's bin directory
	$(GO) install ./cmd/otelcol-integrationlog
	$(GO) install -C $(ALL_IN_ONE) .

.PHONY: test
test: ## Run every test of both modules, with the race detector where Loki is not linked
	@$(if $(RACE),,echo 'No C compiler found: the tests run without the race detector.')
	$(GO) test $(RACE) -timeout 20m ./...
	$(GO) test -C $(ALL_IN_ONE) -p 1 -timeout 30m ./...

.PHONY: bench
bench: ## Run the benchmarks of the root module
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: fuzz
fuzz: ## Run each fuzz target for FUZZTIME (10s)
	@grep -rHoE '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' . | \
	while IFS=: read -r file target; do \
		module=.; case $$file in ./$(ALL_IN_ONE)/*) module=$(ALL_IN_ONE);; esac; \
		target=$${target#func }; package=$$(dirname "$$file"); \
		echo "$$target in $$package"; \
		$(GO) test -C "$$module" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$(CURDIR)/$$package"; \
	done

.PHONY: lint
lint: ## Check the code of both modules
	@sleeping=$$(grep -rl 'time\.Sleep' --include='*_test.go' . | xargs -r grep -L 'testing/synctest'); \
	[ -z "$$sleeping" ] || { echo "Tests wait for what they want to see, they do not sleep: $$sleeping" >&2; exit 1; }
	for module in $(MODULES); do (cd "$$module" && $(TOOL) golangci-lint run ./...); done

.PHONY: fmt
fmt: ## Format the code of both modules
	for module in $(MODULES); do (cd "$$module" && $(TOOL) golangci-lint fmt ./...); done

.PHONY: generate
generate: ## Write the generated files anew
	for module in $(MODULES); do $(GO) generate -C "$$module" ./...; done

.PHONY: check-generate
check-generate: ## Check, in a copy, that the generated files are up to date
	@copy=$$(mktemp -d); trap 'rm -rf "$$copy"' EXIT; \
	git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2>/dev/null | tar -cf - -T - | tar -xf - -C "$$copy"; \
	cd "$$copy"; git init -q; git add -A; \
	for module in $(MODULES); do $(GO) generate -C "$$module" ./...; done; \
	if [ -n "$$(git status --porcelain | grep -v '^A ')" ]; then \
		git --no-pager diff; git status --short | grep -v '^A '; \
		echo 'Generated files are not up to date: run make generate.' >&2; exit 1; \
	fi; echo 'Generated files are up to date.'

.PHONY: ocb
ocb: ## Build the distribution with the collector builder, outside of the repository, and try it
	@dist=$$(mktemp -d); trap 'rm -rf "$$dist"' EXIT; \
	env "dist.output_path=$$dist" $(TOOL) builder --skip-strict-versioning=false --config collector-components/builder-config.yaml; \
	"$$dist/otelcol-integrationlog" components; \
	$(CONFIG_ENV) "$$dist/otelcol-integrationlog" validate \
		--feature-gates=+extension.healthcheck.useComponentStatus --config config/gateway.yaml; \
	echo 'The distribution builds, and config/gateway.yaml is valid for it.'

.PHONY: validate-configs
validate-configs: build ## Validate each shipped configuration with its own binary
	$(CONFIG_ENV) bin/otelcol-integrationlog validate --config config/gateway.yaml
	$(CONFIG_ENV) bin/integrationlog validate --config config/all-in-one.yaml

.PHONY: licenses
licenses: ## Check that nothing linked into the plain collector is under the GPL, LGPL or AGPL
	@$(GO) list -deps -f '{{with .Module}}{{.Path}} {{.Dir}}{{end}}' ./cmd/otelcol-integrationlog | sort -u | \
	{ n=0; while read -r module dir; do \
		[ "$$module" = github.com/integrationlog/integrationlog ] || n=$$((n + 1)); \
		files=$$(find "$$dir" -maxdepth 1 -type f \( -iname 'LICEN[CS]E*' -o -iname 'COPYING*' \)); \
		[ -n "$$files" ] || { echo "$$module has no licence file" >&2; exit 1; }; \
		if grep -qiE '^ *GNU (AFFERO |LESSER |LIBRARY )?GENERAL PUBLIC LICENSE' $$files; then echo "$$module is under the GPL, LGPL or AGPL" >&2; exit 1; fi; \
	done; echo "$$n modules are linked, none under the GPL, LGPL or AGPL."; }

.PHONY: vulncheck
vulncheck: ## Look for known vulnerabilities in what both modules call (asks Go's vulnerability database)
	for module in $(MODULES); do (cd "$$module" && $(TOOL) govulncheck ./...); done

.PHONY: check
check: lint licenses check-generate validate-configs ## Run what a change has to pass besides the tests

.PHONY: clean
clean: ## Remove what was built; data/ is a log and stays
	rm -rf bin dist
