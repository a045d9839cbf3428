# Everything a newcomer types. `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
UV := $(shell command -v uv || echo .tools/uv/bin/uv)
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock

.PHONY: help setup engine redis lock render test lint types imports wishes bench faults load soak figures campaign audit sbom sandbox demo calm containers clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{ printf "%-10s %s\n", $$1, $$2 }'

$(VENV)/.ready: $(LOCK) pyproject.toml
	@PYTHON=$(PYTHON) bash scripts/bootstrap $(VENV) $(LOCK)
	@touch $@

setup: $(VENV)/.ready ## install everything into .venv

engine: setup ## the Rasa engine's own environment, in .engine
	@PYTHON=$(PYTHON) bash scripts/engine .engine engine/requirements.lock

redis: ## the server that the tests of the shared store start, from the distribution
	@bash scripts/system-packages

lock: ## write the lock files anew after a change; `make lock UPGRADE=--upgrade` takes the newest
	$(UV) pip compile pyproject.toml --all-extras --group dev --universal --generate-hashes \
		--no-emit-index-url --no-header --quiet $(UPGRADE) -o $(LOCK)
	$(UV) pip compile engine/requirements.in --no-deps --python-version 3.10 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --quiet -o engine/requirements.lock
	$(UV) pip compile pyproject.toml --extra cli --extra rasa --extra redis --extra telemetry --constraint $(LOCK) --universal --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --quiet -o docker/requirements.lock
	for what in build linters; do \
		$(UV) pip compile docker/$$what.in --constraint $(LOCK) --universal --python-version 3.11 \
			--generate-hashes --no-emit-index-url --no-header --no-annotate --quiet $(UPGRADE) \
			-o docker/$$what.lock || exit; \
	done

render: setup ## write the domain's responses anew from domain/wording
	$(BIN)/python -m ges_connector.wording render

test: setup engine redis lint types imports ## lint, types, import rules, then the tests
	$(BIN)/pytest -n auto --dist loadgroup -m "not campaign"

lint: setup ## ruff: rules and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## mypy, strict
	$(BIN)/mypy

imports: setup ## the layering rules
	$(BIN)/lint-imports --no-cache

campaign: setup ## long generated runs against the sandbox and the client
	$(BIN)/pytest -n auto -m campaign

wishes: setup ## what is understood of our utterance tables, beside plain dateparser
	$(BIN)/python -m ges_connector.language.report tests/data/utterances --unseen tests/data/unseen

bench: setup ## speed, as ratios against what runs beside it
	$(BIN)/python -m bench

faults: setup redis ## whole conversations while everything fails; about five minutes
	$(BIN)/python -m campaign $(FAULTS)

load: setup ## many conversations at once, beside the naive action and the ideal one
	$(BIN)/python -m bench.load

soak: setup ## half an hour of conversations; fails if memory, files or tasks grow
	$(BIN)/python -m bench.soak

figures: setup ## put what the last bench, faults, load and soak came to into README
	$(BIN)/python -m bench.figures

audit: ## known vulnerabilities of what is locked; needs the network, so no part of `make test`
	@PYTHON=$(PYTHON) bash scripts/audit $(LOCK) docker/build.lock docker/linters.lock --told engine/requirements.lock

sbom: ## what a deployment consists of, as CycloneDX, in dist/sbom.json
	@PYTHON=$(PYTHON) bash scripts/sbom $(LOCK) dist/sbom.json

demo: setup engine ## sandbox, action server and Rasa engine, and a chat in the terminal
	$(BIN)/ges-callback demo

calm: setup ## the flows as rasa-pro reads them; with RASA_LICENSE, e2e_tests in the engine
	@PYTHON=$(PYTHON) bash scripts/calm .calm

containers: ## sandbox, action server, engine and store in containers; needs docker
	@bash docker/up

sandbox: setup ## a contact centre on the clock of this machine, on port 8080
	$(BIN)/ges-callback sandbox

clean: ## remove what make created
	rm -rf $(VENV) .engine .calm .tools .mypy_cache .ruff_cache .pytest_cache
