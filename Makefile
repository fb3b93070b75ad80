# The usual ways in. Everything is CMake's (see CMakePresets.json); this file adds the order, and the system's packages.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build
.DELETE_ON_ERROR:

JOBS ?= $(shell nproc)
# Many tests wait for time-outs and for slow servers, so one more than there are cores keeps a small machine busy.
TEST_JOBS ?= $(shell expr $(JOBS) + 1)
PREFIX ?= /usr/local
INSTALL_FLAGS ?= --strip
RELEASE := build/release
TIDY := build/tidy
PROGRAM := $(RELEASE)/src/tti-lw-stack
PACKAGES := scripts/install-packages
SOURCES = $(shell git ls-files '*.cpp' '*.hpp')

# Configures once. Tests need more packages, so a folder is made without them and gets them by `configure-tests`, for good.
define configure
[ -f $(RELEASE)/CMakeCache.txt ] || cmake --preset release -DTTI_TESTS=OFF
endef
define configure-tests
grep -qsx 'TTI_TESTS:BOOL=ON' $(RELEASE)/CMakeCache.txt || cmake --preset release -DTTI_TESTS=ON
endef

.PHONY: build
build: ## build the program
	@$(PACKAGES) build
	@$(configure)
	cmake --build $(RELEASE) -j$(JOBS) --target tti-lw-stack

.PHONY: quickstart
quickstart: ## build, bring up a private PostgreSQL and Redis, and prepare their databases
	@$(PACKAGES) build run
	@$(MAKE) --no-print-directory build
	@scripts/quickstart $(PROGRAM)

.PHONY: test
test: ## build and run all tests
	@$(PACKAGES) build run test docs
	@$(configure-tests)
	cmake --build $(RELEASE) -j$(JOBS)
	ctest --preset release -j$(TEST_JOBS)

.PHONY: test-fast
test-fast: ## build and run the tests that need no server
	@$(PACKAGES) build run test
	@$(configure-tests)
	cmake --build $(RELEASE) -j$(JOBS)
	ctest --preset release -j$(JOBS) -L nodb

.PHONY: docs
docs: ## build the guide as HTML, running every command in it
	@$(PACKAGES) build run test docs
	@$(MAKE) --no-print-directory build
	python3 tests/aws/install.py $(RELEASE)/tests/aws/modules
	$(RELEASE)/tests/aws/modules/bin/python docs/build --binary $(PROGRAM) --output $(RELEASE)/docs

.PHONY: bench bench-record
bench: ## measure, and print the tables of results (also build/release/bench/found, with growth as a drawing)
bench-record: ## measure growth alone, for the guide (docs/measured)
bench bench-record:
	@$(PACKAGES) build run test
	@grep -qsx 'TTI_BENCH:BOOL=ON' $(RELEASE)/CMakeCache.txt || cmake --preset release -DTTI_BENCH=ON
	cmake --build $(RELEASE) -j$(JOBS) --target $@

SANITIZE_WITHOUT ?= ^$$
.PHONY: sanitize
sanitize: ## build with AddressSanitizer and UndefinedBehaviorSanitizer, and run all tests (SANITIZE_WITHOUT: labels to leave out)
	@$(PACKAGES) build run test docs
	cmake --preset sanitize
	cmake --build build/sanitize -j$(JOBS)
	ctest --preset sanitize -j$(TEST_JOBS) -LE '$(SANITIZE_WITHOUT)'

THREADS_TARGETS ?= all
THREADS_TESTS ?= .
THREADS_WITHOUT ?= ^$$
.PHONY: sanitize-threads
sanitize-threads: ## build with ThreadSanitizer, and run all tests (THREADS_TARGETS, THREADS_TESTS, THREADS_WITHOUT: which)
	@$(PACKAGES) build run test
	cmake --preset threads
	cmake --build build/threads -j$(JOBS) --target $(THREADS_TARGETS)
	ctest --preset threads -j$(TEST_JOBS) -R '$(THREADS_TESTS)' -E '$(THREADS_WITHOUT)'

.PHONY: coverage
coverage: ## run the tests on a build that counts, and print how much of each room they ran
	@$(PACKAGES) build run test coverage
	cmake --preset coverage
	cmake --build build/coverage -j$(JOBS)
	find build/coverage -name '*.gcda' -delete
	ctest --preset coverage -j$(TEST_JOBS) -LE '$(SANITIZE_WITHOUT)' || true
	scripts/coverage-table build/coverage

FUZZ_SECONDS ?= 20
.PHONY: fuzz
fuzz: ## let libFuzzer (clang) try what reads bytes from servers, FUZZ_SECONDS each
	@$(PACKAGES) build fuzz
	@cmake --preset fuzz -DTTI_FUZZ_SECONDS=$(FUZZ_SECONDS)
	cmake --build build/fuzz -j$(JOBS) --target fuzz_programs
	cmake --build build/fuzz -j1 --target fuzz

.PHONY: install
install: ## install program, man pages, completions and documents (DESTDIR, PREFIX)
	@$(PACKAGES) build
	@$(configure)
	cmake --build $(RELEASE) -j$(JOBS) --target tti-lw-stack documentation
	cmake --install $(RELEASE) --prefix $(PREFIX) $(INSTALL_FLAGS)

.PHONY: package
package: ## make a Debian package, build/*.deb (DEBFULLNAME, DEBEMAIL)
	@$(PACKAGES) build package
	@$(configure)
	cmake --build $(RELEASE) -j$(JOBS) --target tti-lw-stack documentation
	deploy/debian/make-package $(RELEASE) build

.PHONY: tidy
tidy: ## run clang-tidy over the source
	@$(PACKAGES) build lint
	@# Of a folder of its own, for clang cannot read the headers that GCC precompiled.
	cmake --preset release -B $(TIDY) -DTTI_TESTS=OFF -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON
	cmake --build $(TIDY) --target embedded_sources
	@# Sources are read several at once, by including them.
	run-clang-tidy -quiet -j $(JOBS) -p $(TIDY) -checks=-bugprone-suspicious-include "$(CURDIR)/src/.*|/Unity/"

.PHONY: format
format: ## format the source
	@$(PACKAGES) lint
	clang-format -i $(SOURCES)

.PHONY: format-check
format-check: ## tell what `make format` would change
	@$(PACKAGES) lint
	clang-format --dry-run --Werror $(SOURCES)

.PHONY: clean
clean: ## remove what was built
	rm -rf build

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
