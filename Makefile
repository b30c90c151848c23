# What a developer does here, by name. Each target with a ## comment is in `make help`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

GO ?= go
# The root module, and the all-in-one, the only one that links Loki.
ALL_IN_ONE := cmd/integrationlog
MODULES := . $(ALL_IN_ONE)
# What is deployed is checked, and releases are built, in modules of their own: nothing that
# is shipped depends on what they need.
OWN_MODULES := internal/deploycheck internal/release
# The tools have a module of their own, so that their dependencies are nobody else's.
TOOL := $(GO) tool -modfile=$(CURDIR)/internal/tools/go.mod
# The race detector needs a C compiler; Go turns cgo off where there is none.
RACE := $(if $(filter 1,$(shell $(GO) env CGO_ENABLED)),-race)
# What generates the dashboards and alerts, in TypeScript. npm writes this file last, so
# that it tells whether all of the locked packages are there.
NODE_MODULES := dashboards/node_modules/.package-lock.json
# What the browser tests of the log page take from npm.
PAGE_TEST := $(ALL_IN_ONE)/internal/pagetest
PAGE_TEST_MODULES := $(PAGE_TEST)/node_modules/.package-lock.json
# How long each fuzz target runs.
FUZZTIME ?= 10s
# Where fuzz targets are looked for.
FUZZDIRS ?= .
# How many fuzz targets run at a time.
FUZZ_JOBS ?= 2
# What the configurations ask of their environment, for checks that connect to nothing.
CONFIG_ENV := ZENDESK_URL=https://acme.zendesk.com SALESFORCE_LOGIN_URL=https://acme.my.salesforce.com \
	SALESFORCE_INTEGRATION_USERS=005000000000001AAA $(addsuffix =not-a-secret,SHOPIFY_WEBHOOK_SECRET SUNCO_WEBHOOK_SECRET \
	ZIS_TOKEN BOT_BUILDER_TOKEN ACTIONS_TOKEN ZENDESK_CLIENT_ID ZENDESK_CLIENT_SECRET \
	SALESFORCE_CLIENT_ID SALESFORCE_CLIENT_SECRET)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "%-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: build-all-in-one ## Show a living log: the last week of simulated vendors, and live traffic, until Ctrl-C
	bin/integrationlog demo

.PHONY: screenshots
screenshots: build-all-in-one ## Make the pictures of the log page in docs/images anew, from the demo (takes Chromium)
	$(GO) run -C $(ALL_IN_ONE) ./internal/screenshots $(CURDIR)/bin/integrationlog $(CURDIR)/docs/images

.PHONY: run
run: build ## Run the all-in-one with the settings of the environment
	bin/integrationlog

.PHONY: build
build: build-all-in-one ## Build both binaries into bin/
	$(GO) build -o bin/ ./cmd/otelcol-integrationlog

.PHONY: build-all-in-one
build-all-in-one: ## Build the all-in-one into bin/
	$(GO) build -C $(ALL_IN_ONE) -o $(CURDIR)/bin/ .

.PHONY: install
install: ## Install both binaries into Go's bin directory
	$(GO) install ./cmd/otelcol-integrationlog
	$(GO) install -C $(ALL_IN_ONE) .

$(PAGE_TEST_MODULES): $(PAGE_TEST)/package.json $(PAGE_TEST)/package-lock.json
	npm ci --prefix $(PAGE_TEST) --no-audit --no-fund
	@touch $@

# What the tests run that drive the binaries from outside, so that not each links its own.
TEST_BINARIES := INTEGRATIONLOG_BINARIES=$(CURDIR)/bin
.PHONY: test-page
test-page: $(PAGE_TEST_MODULES) build ## Use the log page in Chromium, which has to be installed
	$(TEST_BINARIES) $(GO) test -C $(ALL_IN_ONE) -count=1 ./internal/pagetest/...

.PHONY: test
test: $(PAGE_TEST_MODULES) ## Run every test of both modules, with the race detector where Loki is not linked
	@$(if $(RACE),,echo 'No C compiler found: the tests run without the race detector.')
	$(GO) test $(RACE) -timeout 20m ./...
	$(GO) test -C internal/tools ./benchtable
# Go takes a result for an earlier one although a configuration or a rule has changed: they
# lie outside of the module.
	$(MAKE) build
	$(TEST_BINARIES) $(GO) test -C $(ALL_IN_ONE) -count=1 -p 2 -timeout 30m $$($(GO) list -C $(ALL_IN_ONE) ./... | grep -v /internal/pagetest)
# A browser and Loki beside other tests would starve each other on two cores.
	$(MAKE) test-page

# What make bench measures, besides the benchmarks of single parts.
INTAKE_BENCH := internal/e2e/intakebench
# For how long the highest rate has to hold.
FOR ?= 10s
# Directories of the root module that have a benchmark of one part.
PART_BENCHES = $(shell grep -rl '^func Benchmark' --include='*_test.go' collector-components internal processors receivers | xargs -n1 dirname | sort -u | grep -v $(INTAKE_BENCH))

# How long the soak goes on with faults drawn at random, and the file that its table goes to.
DURATION ?= 10m
TABLE ?=
.PHONY: soak
soak: ## Try both programs under load with faults drawn at random for DURATION (10m); docs/soak.md
	INTEGRATIONLOG_SOAK_DURATION=$(DURATION) INTEGRATIONLOG_SOAK_TABLE=$(if $(TABLE),$(abspath $(TABLE))) \
		$(GO) test -C $(ALL_IN_ONE) -count=1 -timeout 0 -v -run '^TestSoak$$' ./internal/soak

.PHONY: bench
bench: ## Measure, and write tables in Markdown: some 25 minutes, and 15 to 80 more with FOR=5m, for which the highest rates have to hold
	@{ $(GO) test -run '^$$' -bench . -benchtime 0.5s -count 3 ./$(INTAKE_BENCH); \
	$(GO) test -C $(ALL_IN_ONE) -run '^$$' -bench HighestRate -timeout 0 ./internal/bench -for $(FOR); \
	$(GO) test -C $(ALL_IN_ONE) -run '^$$' -bench Stages -count 2 -timeout 30m ./internal/bench; \
	$(GO) test -C $(ALL_IN_ONE) -run '^$$' -bench 'Disk|Growth|Footprint' -timeout 30m ./internal/bench; \
	$(GO) test -run '^$$' -bench . -benchmem -benchtime 0.2s $(addprefix ./,$(PART_BENCHES)); } | $(GO) run -C internal/tools ./benchtable

# Go would spend most of a short time on making inputs smaller that fail nothing.
.PHONY: fuzz
fuzz: ## Run each fuzz target below FUZZDIRS (all) for FUZZTIME (10s)
	@grep -rHoE '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' $(FUZZDIRS) | \
	while IFS=: read -r file target; do \
		module=.; case $$file in ./$(ALL_IN_ONE)/*) module=$(ALL_IN_ONE);; esac; \
		echo "$$module $$(dirname "$$file") $${target#func }"; \
	done | xargs -P $(FUZZ_JOBS) -L 1 bash -c 'output=$$($(GO) test -C "$$0" -run "^$$" -fuzz "^$$2\$$" -fuzztime $(FUZZTIME) \
		-fuzzminimizetime 1x "$(CURDIR)/$$1" 2>&1); status=$$?; printf "%s in %s\n%s\n" "$$2" "$$1" "$$output"; exit $$status'

.PHONY: lint
lint: ## Check the code of both modules
	@sleeping=$$(grep -rl 'time\.Sleep' --include='*_test.go' . | xargs -r grep -L 'testing/synctest'); \
	[ -z "$$sleeping" ] || { echo "Tests wait for what they want to see, they do not sleep: $$sleeping" >&2; exit 1; }
	for module in $(MODULES) $(OWN_MODULES); do (cd "$$module" && $(TOOL) golangci-lint run ./...); done

.PHONY: fmt
fmt: ## Format the code of both modules
	for module in $(MODULES) $(OWN_MODULES); do (cd "$$module" && $(TOOL) golangci-lint fmt ./...); done

$(NODE_MODULES): dashboards/package.json dashboards/package-lock.json
	npm ci --prefix dashboards --no-audit --no-fund
	@touch $@

.PHONY: dashboards
dashboards: $(NODE_MODULES) ## Write the dashboards and alerts anew
	npm run --prefix dashboards generate

.PHONY: test-dashboards
test-dashboards: $(NODE_MODULES) ## Check the dashboards against Grafana's types, and against rules
	npm test --prefix dashboards

.PHONY: generate
generate: dashboards ## Write the generated files anew
	for module in $(MODULES) $(OWN_MODULES); do $(GO) generate -C "$$module" ./...; done

.PHONY: check-generate
check-generate: $(NODE_MODULES) ## Check, in a copy, that the generated files are up to date
	@copy=$$(mktemp -d); trap 'rm -rf "$$copy"' EXIT; \
	git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2>/dev/null | tar -cf - -T - | tar -xf - -C "$$copy"; \
	ln -s "$(CURDIR)/dashboards/node_modules" "$$copy/dashboards/node_modules"; \
	cd "$$copy"; git init -q; git add -A; \
	npm run --silent --prefix dashboards generate; \
	for module in $(MODULES) $(OWN_MODULES); do $(GO) generate -C "$$module" ./...; done; \
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
	bin/otelcol-integrationlog validate --config config/gateway.yaml --config config/products.yaml
	for file in intake puller kafka/intake kafka/delivery; do \
		$(CONFIG_ENV) bin/otelcol-integrationlog validate --config config/gateway.yaml --config config/products.yaml --config config/scaling/$$file.yaml; \
	done
	$(CONFIG_ENV) bin/integrationlog validate --config config/all-in-one.yaml

# What stands between the two collectors of this project there is a stock one.
.PHONY: validate-kafka
validate-kafka: ## Build a collector with Kafka, outside of the repository, and validate its configurations
	@dist=$$(mktemp -d); trap 'rm -rf "$$dist"' EXIT; \
	env "dist.output_path=$$dist" $(TOOL) builder --skip-strict-versioning --config config/scaling/kafka/builder-config.yaml; \
	for file in producer consumer; do \
		KAFKA_BROKERS=kafka-1:9092 PRODUCER_TOKEN=not-a-secret "$$dist/otelcol-kafka" validate --config config/scaling/kafka/$$file.yaml; \
	done; \
	echo 'The configurations of the collectors beside Kafka are valid.'

.PHONY: check-deploy
check-deploy: ## Check what is deployed (Compose, Dockerfile, systemd, Kubernetes) and how releases are built
	for module in $(OWN_MODULES); do $(GO) test -C "$$module" -count=1 ./...; done

# What a release is called, and for which GOOS/GOARCH; by default the tag, and all six.
VERSION ?= $(shell git describe --tags --match 'v[0-9]*' --dirty --always)
PLATFORMS ?= linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64

.PHONY: release
release: ## Build both programs for all platforms into dist/, with licences, bills of materials and checksums
	rm -rf dist
	$(GO) run -C internal/release . -version '$(VERSION)' -platforms '$(PLATFORMS)'

.PHONY: sbom
sbom: ## Write a bill of materials for each program, for Linux, into dist/ (docs/dependencies.md has the licences)
	$(GO) run -C internal/release . -version '$(VERSION)' -platforms linux/amd64 -materials

# promtool and lokitool belong to the all-in-one, which links most of what they need. Without
# the tag promtool would compile the clients of every cloud that Prometheus can discover.
RULE_TOOL := GOFLAGS=-tags=remove_all_sd $(GO) tool -C $(ALL_IN_ONE)

.PHONY: check-rules
check-rules: ## Check the alert rules, and run their unit tests
	$(RULE_TOOL) promtool check rules --lint=all --lint-fatal $(CURDIR)/config/prometheus/rules/*.yaml
	$(RULE_TOOL) promtool check config $(CURDIR)/config/prometheus/prometheus.yaml
	$(RULE_TOOL) promtool test rules $(CURDIR)/config/prometheus/tests/*.yaml
	$(RULE_TOOL) lokitool rules check $(CURDIR)/config/loki/rules/fake/*.yaml

.PHONY: licenses
licenses: ## Check that nothing linked into the plain collector is under the GPL, LGPL or AGPL
	@$(GO) list -deps -f '{{with .Module}}{{.Path}} {{.Dir}}{{end}}' ./cmd/otelcol-integrationlog | sort -u | \
	{ n=0; while read -r module dir; do \
		[ "$$module" = github.com/integrationlog/integrationlog ] || n=$$((n + 1)); \
		files=$$(find "$$dir" -maxdepth 1 -type f \( -iname 'LICEN[CS]E*' -o -iname 'COPYING*' \)); \
		[ -n "$$files" ] || { echo "$$module has no licence file" >&2; exit 1; }; \
		if grep -qiE '^ *GNU (AFFERO |LESSER |LIBRARY )?GENERAL PUBLIC LICENSE' $$files; then echo "$$module is under the GPL, LGPL or AGPL" >&2; exit 1; fi; \
	done; echo "$$n modules are linked, none under the GPL, LGPL or AGPL."; }

# A copy of Go's vulnerability database, as file://…; where it is empty, Go's own is asked.
# The standard library is that of the toolchain that the modules name, whichever is installed.
VULNDB ?=
.PHONY: vulncheck
vulncheck: ## Look for known vulnerabilities in what both modules call (asks Go's vulnerability database, or VULNDB)
	for module in $(MODULES); do (cd "$$module" && GOTOOLCHAIN=$$(sed -n 's/^toolchain //p' go.mod)+auto $(TOOL) govulncheck $(if $(VULNDB),-db "$(VULNDB)") ./...); done

# The database is kept in a repository that is a Go module, too, which a proxy of modules has.
.PHONY: vulndb
vulndb: ## Copy Go's vulnerability database into bin/vulndb, for where vuln.go.dev is out of reach
	rm -rf bin/vulndb
	dir=$$($(GO) mod download -json golang.org/x/vulndb@latest | sed -n 's/^\t"Dir": "\(.*\)",$$/\1/p'); \
	echo "The copy is $${dir##*/}."; \
	$(GO) run golang.org/x/vulndb/cmd/indexdb@latest -out bin/vulndb -vulns "$$dir/data/osv"

.PHONY: check
check: lint licenses test-dashboards check-rules check-generate validate-configs check-deploy ## Run what a change has to pass besides the tests

.PHONY: clean
clean: ## Remove what was built; data/ is a log and stays
	rm -rf bin dist dashboards/build
