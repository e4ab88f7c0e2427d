# Amanat. Needs Python >= 3.11, git and make; everything else is set up inside the checkout.

.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := $(CURDIR)/.venv
PYTHON = $(shell for candidate in python3.11 python3.12 python3 python3.13; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$candidate && break; done)
WORKERS ?= 2

export PATH := $(VENV)/bin:$(PATH)
export APE_DATA_FOLDER := $(CURDIR)/.ape
export SOLCX_BINARY_PATH := $(CURDIR)/.build/solcx
export IPYTHONDIR := $(CURDIR)/.ape/ipython
export PYTHONDONTWRITEBYTECODE := 1
export HARDHAT_DISABLE_TELEMETRY_PROMPT := true

.PHONY: help setup build pilot console test bench lint fmt sizes mutate lock clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

# `ape` keeps its data in the checkout even where it is not called by make.
APE_INSIDE = import os, sys; \
	os.environ.setdefault("APE_DATA_FOLDER", os.path.join(os.path.dirname(sys.prefix), ".ape"))
SITE = import sysconfig; print(sysconfig.get_path("purelib"))

# What was installed is compared by content, so that a second run is instant and needs no network.
# A linked environment belongs to another checkout and is left as it is.
setup: ## install the locked dependencies into .venv and node_modules
	@if [ ! -L .venv ] && ! cmp -s requirements.txt .venv/requirements.installed; then \
		test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed" >&2; exit 1; }; \
		echo "setup: Python packages"; \
		test -x .venv/bin/python || $(PYTHON) -m venv .venv || exit 1; \
		.venv/bin/python -m pip install --quiet --disable-pip-version-check \
			--require-hashes --requirement requirements.txt || exit 1; \
		echo '$(APE_INSIDE)' > "$$(.venv/bin/python -c '$(SITE)')/amanat.pth" || exit 1; \
		cp requirements.txt .venv/requirements.installed; \
	fi
	@if [ ! -L node_modules ] && ! cmp -s package-lock.json node_modules/.installed.json; then \
		echo "setup: Node packages"; \
		npm ci --no-progress --loglevel=error || exit 1; \
		cp package-lock.json node_modules/.installed.json; \
	fi
	@if [ ! -L .venv ]; then for tool in anvil forge; do \
		ln -sf $(CURDIR)/node_modules/@foundry-rs/$$tool-*/bin/$$tool .venv/bin/$$tool; \
	done; fi

build: setup ## compile the contracts to .build/artifacts
	@python -m scripts._amanat.build

pilot: build ## play the sample pilot on a private chain (KEEP=1 leaves the chain running)
	@KEEP=$(KEEP) ape run pilot

console: build ## open Ape's console on a private chain
	@ape console

test: setup ## run all tests
	@python -m scripts._amanat.build --tests
	@python -m pytest -p no:ape_test -n $(WORKERS) --dist loadfile

bench: setup ## measure gas against the peers, into .build/bench.json
	@python -m scripts._amanat.build --tests
	@python -m tests.bench

SOLIDITY = $(wildcard contracts tests/contracts)

lint: setup ## check style and types
	@ruff check --quiet . && ruff format --quiet --check .
	@mypy --no-error-summary
	@forge fmt --check $(SOLIDITY)

fmt: setup ## put sources into the one form
	@ruff check --quiet --fix . && ruff format --quiet .
	@forge fmt $(SOLIDITY)

sizes: setup ## print each contract's size and its headroom
	@python -m scripts._amanat.build --sizes

mutate: build ## break the contracts on purpose and count what the tests notice
	@python -m tests.mutate

lock: setup ## write the lock files anew, after a pin has changed
	@pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-options \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--output-file requirements.txt requirements.in
	@npm install --package-lock-only --loglevel=error

clean: ## remove what was built, and keep what was installed
	@rm -rf .build .ape .pytest_cache .mypy_cache .ruff_cache .hypothesis
