# Everything a person runs here. `make help` lists it.
.DEFAULT_GOAL := help
.SILENT: help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PREFIX ?= /usr/local
DESTDIR ?=
BENCH_OPTIONS ?=
SECONDS_EACH ?= 60
bindir = $(DESTDIR)$(PREFIX)/bin
programs = cfssl cfssljson cfssl-certinfo mkbundle

.PHONY: help build demo test peers lint features unit docs deny instructions bench fuzz install uninstall clean

help: ## list these targets
	sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

build: ## build the release programs
	@scripts/build.sh

demo: ## certificates, then a three-node etcd cluster that uses them
	@scripts/demo.sh

test: peers lint features unit docs deny ## every check and every test; installs what they need

peers: ## install etcd, etcdctl, openssl, golang-cfssl, certtool and a browser through apt
	@scripts/install-peers.sh test
	@scripts/install-corpora.sh

lint: ## formatting, clippy, shell scripts
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	@if command -v shellcheck >/dev/null; then shellcheck scripts/*.sh .ci/run; else echo "shellcheck is not installed: scripts not checked"; fi

features: ## the library without the programs, and with ring
	cargo clippy --locked --lib --no-default-features --features aws-lc-rs -- -D warnings
	cargo clippy --locked --lib --bins --no-default-features --features ring,cli -- -D warnings

unit: ## unit, integration and documentation tests
	@if cargo nextest --version >/dev/null 2>&1; then \
	    cargo nextest run --locked; \
	else \
	    echo "cargo-nextest is not installed: running cargo test"; \
	    cargo test --locked --lib --bins --tests --examples; \
	fi
	cargo test --locked --doc

docs: ## the library's documentation, without a warning
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --lib

deny: ## licences, sources and advisories of the packages
	@if cargo deny --version >/dev/null 2>&1; then \
	    scripts/deny.sh; \
	else \
	    echo "cargo-deny is not installed (cargo install --locked cargo-deny): packages not checked"; \
	fi

instructions: ## the instruction counts that must not grow (needs valgrind)
	@scripts/instructions.sh

bench: ## compare the installed programs with cfssl, openssl and certtool
	@scripts/install-peers.sh test
	@$(MAKE) --no-print-directory install DESTDIR= PREFIX="$(CURDIR)/target/bench"
	@built=$$(scripts/build.sh release --example certificates); \
	python3 benches/compare/compare.py --programs target/bench/bin --generator "$$built/examples/certificates" $(BENCH_OPTIONS)

fuzz: ## each fuzzer for SECONDS_EACH (60), see fuzz/README.md
	@SECONDS_EACH=$(SECONDS_EACH) scripts/fuzz.sh

install: ## install the programs below PREFIX (/usr/local)
	@built=$$(scripts/build.sh); \
	install -d -m 0755 "$(bindir)"; \
	install -m 0755 "$$built/cfssl" "$$built/cfssljson" "$$built/mkbundle" "$(bindir)"; \
	ln -sf cfssl "$(bindir)/cfssl-certinfo"; \
	ln -sf cfssljson "$(bindir)/cfssl-json"

uninstall: ## remove what install installed
	@for program in $(programs) cfssl-json; do rm -f "$(bindir)/$$program"; done

clean: ## remove what was built
	cargo clean
