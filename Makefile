# One entry for people, hooks and CI. Needs Python 3.11 or newer, git and make; everything else comes from PyPI into .venv.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# PyPI over a shaky line: pip retries each request, and the whole installation is tried again.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --retries 10 --timeout 60
PYTEST := $(BIN)/python -m pytest

SHELL := /bin/bash
# Compiled modules are kept even where the environment says otherwise: an editable install would compile the sources at every start.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help venv demo test check package docs bench bench-scale bench-results bench-check fuzz soak processes oracle calls metrics flows clean real

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(STAMP) ## make .venv and install the project into it (again whenever pyproject.toml changes)

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	for attempt in 1 2 3; do $(PIP) install --editable '.[dev]' && break; test $$attempt -lt 3 && sleep 5 || exit 1; done
	touch $@

demo: venv ## index the installed source of networkx, show what was found, and what an unchanged run costs
	@source=$$($(BIN)/python -c 'import importlib.util as u; print(u.find_spec("networkx").submodule_search_locations[0])') && \
	export LESTOCKAGE_DB=.lestockage/index.db TIMEFORMAT='the whole command: %R s, of which the processor worked %U s for it and %S s for the system' && \
	rm -f .lestockage/index.db .lestockage/index.db-* && \
	echo "== first run over $$source" && time $(BIN)/lestockage index "$$source" --jobs 2 && \
	echo && echo "== what was found" && $(BIN)/lestockage status && \
	echo && echo "== second run, nothing changed" && time $(BIN)/lestockage index "$$source" --jobs 2

test: venv ## run all tests, one process a core, with branch coverage
	$(PYTEST) --numprocesses auto --dist worksteal --cov --cov-report=term:skip-covered

check: venv .coverage ## lint, formatting, types, layers, and coverage of at least 95 %
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/coverage report --skip-covered

# The report needs a test run: one is made when there is none; after `make test` there is.
.coverage:
	$(MAKE) test

package: venv ## build the wheel and the source archive, install each into an empty environment, and use it there
	rm -rf dist && $(BIN)/python -m build --outdir dist .
	for artefact in dist/*.whl dist/*.tar.gz; do \
		rm -rf dist/env && $(PYTHON) -m venv dist/env && dist/env/bin/python -m pip --disable-pip-version-check --quiet --retries 10 install "$$artefact" && \
		(cd dist && env -u PYTHONPATH env/bin/python -I ../.ci/try_artefact.py) || exit 1; \
	done

docs: venv ## build the documentation site into site/; a warning or a broken link fails
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet && echo "site/index.html"

bench: venv ## run the benchmarks, which assert their results and print ratios
	$(PYTEST) benchmarks --benchmark-columns=min,median,ops --benchmark-sort=name

# The last size takes as much memory as docs/performance.md says, so CI has no part in this.
bench-scale: venv ## index 10,000 to 1,000,000 lines of installed packages, cold: time, memory, slope (a quarter of an hour)
	LESTOCKAGE_SCALE=10000,30000,100000,300000,1000000 $(PYTEST) benchmarks/test_scale.py --capture=no

# What `make bench-check` goes through again: commits of this repository's own history.
HISTORY := 29f5e004ef113390dd103c5bb160b4db8de538f9..acd31aa3377642172ad8db97e190d882d502952a

bench-results: venv ## measure what edits of networkx and the history of this project cost, and keep the results (a quarter of an hour)
	@mkdir -p benchmarks/results
	source=$$($(BIN)/python -c 'import importlib.util as u; print(u.find_spec("networkx").submodule_search_locations[0])') && \
	$(BIN)/lestockage bench "$$source" --edits 3 --json benchmarks/results/networkx.json --report benchmarks/results/networkx.html
	$(BIN)/lestockage bench lestockage --git $(HISTORY) --edits 3 \
	    --json benchmarks/results/history.json --report benchmarks/results/history.html

bench-check: venv ## make the edits of the kept history again: counts must be the same, ratios within a margin (minutes)
	$(BIN)/lestockage bench lestockage --check benchmarks/results/history.json

real: venv ## index all of networkx, pydantic and this project into one database and check known references (minutes)
	LESTOCKAGE_REAL=full $(PYTEST) tests/projects/test_real_code.py

fuzz: venv ## try random programs on the engine with fresh seeds: make fuzz MINUTES=10
	$(BIN)/python -m tests.conformance.fuzz --minutes $(or $(MINUTES),10)

soak: venv ## ask from eight threads while one writes, under a watchdog: make soak SECONDS=60
	$(BIN)/python -m tests.conformance.soak --seconds $(or $(SECONDS),60)

processes: venv ## write one file with several processes, some of which are killed, and share their work: make processes SECONDS=60
	$(BIN)/python -m tests.conformance.processes_soak --seconds $(or $(SECONDS),60)
	LESTOCKAGE_LEASE_KEYS=300 $(PYTEST) tests/durable/test_leases.py

oracle: venv ## edit all of networkx at random and compare each run with a fresh index: make oracle STEPS=50
	LESTOCKAGE_ORACLE_STEPS=$(or $(STEPS),50) LESTOCKAGE_ORACLE_SEED=$(or $(SEED),$$RANDOM) $(PYTEST) tests/workspace/test_index_oracle.py

calls: venv ## measure the call graph: our corpus, and what networkx's own tests execute (about a minute)
	$(BIN)/python -m tests.calls.evaluate
	$(BIN)/python -m tests.calls.oracle

metrics: venv ## compare complexity with radon's and ruff's on every function of networkx and of what we depend on
	$(BIN)/python -m tests.languages.metrics.oracles

flows: venv ## run many random programs against their flow graphs: make flows PROGRAMS=5000
	LESTOCKAGE_FLOW_PROGRAMS=$(or $(PROGRAMS),5000) $(PYTEST) tests/languages/control_flow/test_executed.py

clean: ## remove what the targets above made: .venv, the demo's index, caches, reports
	rm -rf $(VENV) .lestockage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks .coverage htmlcov dist build site
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
