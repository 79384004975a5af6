# make help says what there is to do.
.DEFAULT_GOAL := help
.PHONY: help pauses audit-verify master-keys mutation up build-beside-servers run down status logs build check test clients e2e crash fmt measure bench native-sources tools

MVN ?= mvn
MAVEN := $(MVN) -B -ntp
PACKAGE := $(MAVEN) -q -Dmaven.test.skip=true -Dstyle.color=never package
STAMP := deploy/local/target/built
JAVA_HOME := $(shell deploy/local/jdk25.sh)
export JAVA_HOME
LAUNCHER = "$(JAVA_HOME)/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
	-cp "deploy/local/target/classes:$$(cat deploy/local/target/artifacts.classpath)" dev.parley.local.Launcher
DATA = $${PARLEY_DATA_DIR:-.parley}
SERVICES := auth-service,policy-service,agent-service,billing-service,channel-service,gateway

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-16s %s\n' "$$name" "$$what"; done
	@echo
	@echo '  PARLEY_PORT_OFFSET adds to every port, PARLEY_DATA_DIR is where the data is kept (.parley).'

up: tools ## build if needed, start everything, and return
	@$(MAKE) -q --no-print-directory $(STAMP) || $(MAKE) --no-print-directory build-beside-servers
	@$(LAUNCHER) up

# The servers that are not ours take longest to boot and need no build: they start while Maven works.
build-beside-servers: tools
	@echo 'Building (about two minutes when nothing is built yet) ...'
	@$(PACKAGE) -pl deploy/local
	@$(LAUNCHER) up --only=postgresql,kafka,keycloak --no-seed & servers=$$!; \
	if $(PACKAGE) -pl '!deploy/local,!e2e-tests'; then touch $(STAMP); wait $$servers; \
	else wait $$servers; echo 'The build failed. make up tries again; make down stops what runs.' >&2; exit 1; fi

run: tools ## the same in the foreground: Ctrl-C stops it
	@$(MAKE) --no-print-directory $(STAMP)
	@$(LAUNCHER) run

down: tools ## stop everything, keep the data
	@if [ -f deploy/local/target/artifacts.classpath ]; then $(LAUNCHER) down; else echo 'Nothing of Parley is built, so nothing is running.'; fi

status: tools ## what is running
	@$(LAUNCHER) status

logs: ## follow every part's log
	@tail -n 20 -F $(DATA)/logs/*.log

audit-verify: ## check an exported audit trail, FILE=… and, kept apart, KEYS=…; needs nothing running
	@test -n "$(FILE)" || { echo 'usage: make audit-verify FILE=audit-log.ndjson [KEYS=keys.json]' >&2; exit 2; }
	@"$(JAVA_HOME)/bin/java" deploy/local/src/main/java/dev/parley/local/audit/AuditVerify.java "$(FILE)" $(KEYS)

master-keys: tools ## a step of a rotation of the master key, DO=list|add|"promote NUMBER"|"remove NUMBER"; docs/guides/rotate-keys.md
	@test -n "$(DO)" || { echo 'usage: make master-keys DO=list|add|"promote NUMBER"|"remove NUMBER" [KEYSET=master-keyset.json]' >&2; exit 2; }
	@test -f deploy/local/target/artifacts.classpath -a -f deploy/local/target/classes/dev/parley/local/MasterKeys.class || $(PACKAGE) -pl deploy/local
	@"$(JAVA_HOME)/bin/java" --sun-misc-unsafe-memory-access=allow -cp "deploy/local/target/classes:$$(cat deploy/local/target/artifacts.classpath)" dev.parley.local.MasterKeys "$(or $(KEYSET),$(DATA)/master-keyset.json)" $(DO)

measure: tools ## seconds to ready and memory of every running part, against the goals
	@$(LAUNCHER) measure

bench: tools ## how good it is, as a table; ONLY="gateway rls" measures those alone (docs/benchmarks.md)
	@$(MAKE) --no-print-directory $(STAMP)
	@if [ -z "$(ONLY)" ] || [ -n "$(findstring gateway,$(ONLY))" ]; then $(MAVEN) -q -f deploy/bench-peers/pom.xml package; fi
	@if [ -z "$(ONLY)" ] || [ -n "$(findstring engine,$(ONLY))" ]; then $(MAVEN) -q -f deploy/bench-engine/pom.xml package; fi
	@if [ -z "$(ONLY)" ] || [ -n "$(findstring killbill,$(ONLY))" ]; then $(MAVEN) -q -f deploy/bench-killbill/pom.xml package; fi
	@if [ -z "$(ONLY)" ] || [ -n "$(findstring cerbos,$(ONLY))$(findstring webhooks-out,$(ONLY))$(findstring completion,$(ONLY))" ]; then \
		npm install --silent --no-package-lock --no-audit --no-fund --prefix deploy/bench-peers; fi
	@if [ -n "$(findstring chat,$(ONLY))" ]; then \
		npm install --silent --no-package-lock --no-audit --no-fund --ignore-scripts --prefix deploy/bench-flowise; fi
	@if [ -z "$(ONLY)" ] || [ -n "$(findstring crossing,$(ONLY))" ]; then \
		$(MAVEN) -q -pl platform,platform-testing -Dmaven.test.skip=true -Dmdep.outputFile=target/bench.classpath package dependency:build-classpath; fi
	@"$(JAVA_HOME)/bin/java" -XX:+UseSerialGC -Xmx512m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow $(BENCH_OPTIONS) \
		-cp "deploy/local/target/classes:$$(cat deploy/local/target/artifacts.classpath)" dev.parley.local.bench.Bench $(ONLY)

mutation: tools ## how many faults that PIT puts into the money rules the tests find; docs/reports/mutation.md explains the others
	@$(MAVEN) -q -pl policy-service,billing-service -am test-compile org.pitest:pitest-maven:mutationCoverage

build: tools ## package every part, without tests
	@rm -f $(STAMP)
	@$(MAKE) --no-print-directory $(STAMP)

# Anything that ends up in a jar; a missing stamp is older than all of it.
SOURCES = $(shell find pom.xml */pom.xml deploy/*/pom.xml .mvn platform/src platform-testing/src */src/main deploy/*/src/main \
	\( -name node_modules -o -name dist -o -name '.quinoa*' \) -prune -o -type f -print 2>/dev/null)

$(STAMP): $(SOURCES)
	@echo 'Building (about two minutes when nothing is built yet) ...'
	@$(PACKAGE) -pl '!e2e-tests'
	@mkdir -p $(@D) && touch $@

check: tools clients ## formatting, compilation, unit and architecture tests
	@$(MAVEN) -q spotless:check test

test: tools clients ## every test: unit, integration, end to end; needs nothing running
	@$(MAVEN) $(TEST_OPTIONS) verify

pauses: tools ## the services' tests with random pauses before and after statements: what relies on being quicker fails; takes an hour
	@$(MAVEN) -pl '!e2e-tests' -Dparley.test.pauses=true -Dmaven.test.failure.ignore=true verify

clients: tools ## unit tests of the API clients; takes seconds
	@cd clients/js && node --test --test-timeout=20000 test/*.test.js >clients.log || { cat clients.log; exit 1; }
	@if python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then \
		cd clients/python && PYTHONPATH=src PYTHONDONTWRITEBYTECODE=1 python3 -W error -m unittest discover --quiet -t . -s tests; \
	else echo 'Python 3.10 is missing: the client for Python is not tested.' >&2; fi

e2e: tools ## only the end-to-end stories, on what is built
	@$(MAKE) --no-print-directory $(STAMP)
	@$(MAVEN) -pl e2e-tests -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false '-Dit.test=*E2E' -Dfailsafe.failIfNoSpecifiedTests=false verify

crash: tools ## 200 customers of bots write 50 messages each while a service is killed every 5 seconds; takes ten minutes
	@$(MAKE) --no-print-directory $(STAMP)
	@$(MAVEN) -pl e2e-tests -am -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false '-Dit.test=MessengerCrashE2E' -Dfailsafe.failIfNoSpecifiedTests=false \
		-Dparley.crash.customers=200 -Dparley.crash.messages=50 verify

fmt: tools ## format everything
	@$(MAVEN) -q spotless:apply

native-sources: tools ## check that every service can be compiled natively (needs no GraalVM)
	@rm -f $(STAMP)
	@$(MAVEN) -q -Dmaven.test.skip=true -Dquarkus.native.enabled=true -Dquarkus.native.sources-only=true -am -pl $(SERVICES) package

tools:
	@test -n "$(JAVA_HOME)"
	@command -v $(MVN) >/dev/null || { echo 'Parley needs Maven 3.8.7 or newer: install it (apt-get install maven, brew install maven).' >&2; exit 1; }
	@command -v node >/dev/null || { echo 'Parley needs Node.js for the console: install it (README.md says which).' >&2; exit 1; }
	@node deploy/local/node-version.cjs
