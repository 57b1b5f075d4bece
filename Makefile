# make setup · make run · make test: each does what it needs first. Only Python 3.11+ with pip, and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help

help:  ## show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.ready  ## make .venv with the nianbao command in it

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' || \
	  { echo "nianbao needs Python 3.11 to 3.14; this is $$($(PYTHON) -V). Name another one: make setup PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@echo "installing the locked packages (one to three minutes) …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready requirements-dev.lock
	@echo "installing the packages for development …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

run: setup  ## one refresh of the simulated districts, with a summary
	@$(BIN)/nianbao simulate -- $(BIN)/nianbao refresh

test: $(VENV)/.ready-dev  ## all tests but those of clusters
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder --ignore tests/cluster
	@echo "left out: tests/cluster, which starts Dask, Ray, PostgreSQL and an object store; make test-cluster runs it"

$(VENV)/.ready-cluster: $(VENV)/.ready-dev requirements-cluster.lock
	@echo "installing the packages of clusters …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-cluster.lock
	@touch $@

test-cluster: $(VENV)/.ready-cluster  ## the tests of clusters, on real servers that they start themselves
	$(BIN)/python -m pytest tests/cluster

.PHONY: accuracy accuracy-page alignment gold
accuracy: $(VENV)/.ready  ## extraction on all annotated texts at hand, with targets and misses
	@$(BIN)/nianbao evaluate

accuracy-page: $(VENV)/.ready  ## write docs/accuracy-tables.md anew
	@{ echo "# Accuracy, measured"; echo; echo "Written by \`make accuracy-page\`; docs/accuracy.md says what is measured."; \
	  for set in tests/gold/*/; do $(BIN)/nianbao evaluate --gold $$set --misses 60 --format markdown; done; \
	  if [ -d ../shared/gold ]; then echo; echo "## Training scores"; \
	    $(BIN)/nianbao evaluate --gold ../shared/gold --texts ../shared/reports --heads ../shared/heads/heads.jsonl --misses 0 --format markdown; fi; \
	} > docs/accuracy-tables.md

alignment: $(VENV)/.ready-dev  ## text taken over, commitments, shortcomings: planted cases found, with misses
	@PYTHONPATH=tests $(BIN)/python -m alignment.run_cases

gold: $(VENV)/.ready  ## write the generated gold of tests/gold anew
	$(BIN)/python tests/gold/write_generated.py

check: $(VENV)/.ready-dev  ## style and types
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: $(VENV)/.ready-dev  ## speed and memory of extraction and harvest beside their peers, for docs/benchmarks.md (minutes)
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	$(BIN)/python benchmarks/speed.py --peers $(VENV)-bench/bin/python
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/reading.py --peers $(VENV)-bench/bin/python
	$(BIN)/python benchmarks/harvest.py --peers $(VENV)-bench/bin/python
	$(BIN)/python benchmarks/archive.py
	$(BIN)/python benchmarks/alignment.py

REPORTS ?= 100000
bench-warehouse: $(VENV)/.ready-dev  ## full and incremental builds of REPORTS generated reports beside bare DuckDB
	$(BIN)/python benchmarks/warehouse.py --reports $(REPORTS)

bench-explorer: $(VENV)/.ready-dev  ## pages, search and twenty readers on a release of REPORTS generated reports (half an hour)
	$(BIN)/python benchmarks/warehouse.py --reports $(REPORTS) --folder build/explorer --only generate load "models and tests" gate publish
	$(BIN)/python benchmarks/explorer.py build/explorer

bench-search: $(VENV)/.ready-dev  ## the search index of REPORTS generated reports, and two ways to cut text for it
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	$(BIN)/python benchmarks/search_cuts.py --peers $(VENV)-bench/bin/python
	$(BIN)/python benchmarks/search.py --reports $(REPORTS)

bench-night: $(VENV)/.ready-dev  ## a quiet night of a thousand sources beside its bare requests, then 5,000 new reports (ten minutes)
	$(BIN)/python benchmarks/night.py
	$(BIN)/python benchmarks/night.py --new 20 --years 8

faults: $(VENV)/.ready-dev  ## a thousand injected faults, each with the outcome that has to come of it (a minute)
	$(BIN)/python tests/e2e/faults_run.py 1000

gate-faults: $(VENV)/.ready-dev  ## a hundred corrupted and a hundred sound batches before the gate (some minutes)
	$(BIN)/python tests/warehouse/gate_faults_run.py 100

chaos: $(VENV)/.ready-dev  ## kill refreshes everywhere, take disks, locks, clocks, servers and networks away (an hour)
	@PYTHONPATH=tests $(BIN)/python -m chaos.run

soak: $(VENV)/.ready-dev  ## sixty simulated nights in one process: memory, files, disk, alerts as planted (ten minutes)
	@PYTHONPATH=tests:. $(BIN)/python -m soak.run

incremental: $(VENV)/.ready-dev  ## forty random sequences of changes: incremental builds equal whole ones (half an hour)
	NIANBAO_TEST_SEQUENCES=40 $(BIN)/python -m pytest -q tests/warehouse/test_incremental.py

audit: $(VENV)/.ready  ## compare the locked packages with known vulnerabilities (needs an index that lists them)
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check "pip-audit>=2.9,<3"
	$(VENV)-audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r requirements.lock

SIZES ?= 3 10 33 100
bench-scale: $(VENV)/.ready-dev  ## refreshes of SIZES districts of 300 reports each, from harvest to release, and nights after them (an hour)
	$(BIN)/python benchmarks/scale.py build/scale --districts $(SIZES)

bench-workers: $(VENV)/.ready-cluster  ## two workers beside one, on 10,000 reports: plain processes, Prefect's pool, Dask, Ray
	$(BIN)/python benchmarks/scale.py build/scale --districts 33
	$(BIN)/python benchmarks/workers.py build/scale/33-threads/home

SECONDS ?= 600
bench-ducklake: $(VENV)/.ready-cluster  ## three publishers and five readers of one warehouse for SECONDS, then builds of REPORTS there and in a file
	$(BIN)/python benchmarks/ducklake.py --seconds $(SECONDS) --reports $(REPORTS)

pictures: $(VENV)/.ready-dev  ## take the README's pictures anew, of simulated districts
	NIANBAO_HOME=build/pictures $(BIN)/nianbao simulate -- $(BIN)/nianbao refresh
	NIANBAO_HOME=build/pictures $(BIN)/python docs/pictures/make.py build/pictures

docs: $(VENV)/.ready-dev  ## the documentation site in build/docs/html (needs the Debian package graphviz)
	$(BIN)/python docs/site/build.py build/docs

lock: $(VENV)/.ready-dev  ## make the lock files anew (needs the package uv)
	$(BIN)/python -m pip install --quiet "uv>=0.9,<1"
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev --extra ocr -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra cluster -c requirements-dev.lock pyproject.toml -o requirements-cluster.lock

clean:  ## remove what runs of the checkout produced (not .venv)
	rm -rf var build dist

.PHONY: help setup run test test-cluster check bench bench-warehouse bench-explorer bench-search bench-night bench-scale bench-workers bench-ducklake chaos faults gate-faults soak incremental audit pictures docs lock clean
