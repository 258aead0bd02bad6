# Everything a developer types, and what CI runs. PYTHON chooses the interpreter: make test PYTHON=python3.12
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SHARED := $(or $(SURVEY_TEST_SHARED),../shared)
DEMO := $(BIN)/survey-extract --project examples/demo
# Compiled files save a third of each start, and the tests start hundreds of commands, servers and readers.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test quick lint prose types contracts unit coverage browser kill faults hostile nights mutations evaluate screenshots replica bench bench-reading bench-prompts bench-tables bench-trials bench-prose bench-strangers bench-statements lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-15s %s\n", $$1, $$2}'

demo: $(VENV)/runtime ## Run the nightly job on the surveys of examples/: no network, no key
	$(DEMO) refresh
	$(DEMO) status
	$(DEMO) query --format table "SELECT name, dataset FROM datasets"
	$(BIN)/survey-extract --project examples/benchmarks refresh

test: lint types contracts unit ## All checks and all tests

quick: $(VENV)/developer ## Lint, the core's tests and those of what changed since main: under 15 s
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/python -m pytest -p tests.quick --timeout=0 -rs $$($(BIN)/python -m tests.quick)

lint: $(VENV)/developer
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .

prose: $(VENV)/runtime ## The documents, and the README that init writes, by markdownlint: needs npx
	@command -v npx >/dev/null || { echo "no npx: install Node.js to lint the documents"; exit 1; }
	npx --yes markdownlint-cli2 README.md CHANGELOG.md CONTRIBUTING.md "docs/*.md" "examples/*/README.md"
	folder=$$(mktemp -d) && $(BIN)/survey-extract init "$$folder" >/dev/null && cd "$$folder" && npx --yes markdownlint-cli2 README.md contributing.md

types: $(VENV)/developer
	$(BIN)/mypy

contracts: $(VENV)/developer
	$(BIN)/lint-imports --no-logo

unit: $(VENV)/developer browser ## The tests alone
	$(BIN)/pytest --numprocesses=auto --dist=worksteal

coverage: $(VENV)/developer browser ## All tests, and the lines and branches that none of them reaches (TESTS=files: of these)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses=auto --dist=worksteal $(TESTS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

browser: ## Find a browser for the tests of the review page, or install Debian's where we may
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	  else echo "no chromium: the tests of the review page are skipped; install it with your package manager"; fi; }

replica: $(VENV)/developer ## Serve ../shared (or SURVEY_TEST_SHARED) as arXiv and the web, on loopback
	$(BIN)/python -m tests.servers.replica $(SHARED)

bench: $(VENV)/developer ## Reading, answering, starting and reviewing, timed
	$(BIN)/python benchmarks/read.py $(SHARED)/papers
	$(BIN)/python benchmarks/answer.py $(SHARED)/papers
	$(BIN)/python benchmarks/start.py
	PYTHONPATH=. $(BIN)/python benchmarks/nights.py
	SURVEY_REVIEWER=benchmark $(BIN)/python benchmarks/review.py

bench-reading: $(VENV)/developer ## How true the reading of papers is, and how fast: the figures of docs/reading.md
	$(BIN)/python benchmarks/reading.py ../shared/papers

bench-prompts: $(VENV)/developer ## What a question to a model costs, and how much of the gold it shows (pip install bpe-openai, and tokens are counted)
	PYTHONPATH=. $(BIN)/python benchmarks/prompt_tokens.py $(SHARED)

bench-tables: $(VENV)/developer ## Tables read against those that their authors typed (pip install pdfplumber, and it is compared)
	PYTHONPATH=. $(BIN)/python benchmarks/tables.py ../shared --held-out $(if $(MISSES),--misses)
	$(BIN)/python benchmarks/cited_cells.py ../shared/papers

bench-trials: $(VENV)/developer ## Without a model: how often a sentence that doctors chose comes first, beside BM25
	$(BIN)/python benchmarks/ranking.py trials $(SHARED)

bench-prose: $(VENV)/developer ## Without a model: the same for the prose cells and the data sets of ../shared/gold
	$(BIN)/python benchmarks/ranking.py prose $(SHARED)

bench-strangers: $(VENV)/developer ## Without a model: made documents of six subjects, with fields as a newcomer writes them (MISSES=1: by name)
	$(BIN)/python benchmarks/strangers.py $(if $(MISSES),--misses)

bench-statements: $(VENV)/developer ## Made values, true and untrue: how many of each kind the check flags (docs/reliability.md)
	PYTHONPATH=. $(BIN)/python benchmarks/statements.py

kill: $(VENV)/developer ## Kill runs at 100 random moments, reviews at 50, and compare
	$(BIN)/python -m tests.kill 100
	$(BIN)/python -m tests.kill batches 30
	TEST_KILLS=25 $(BIN)/pytest tests/review/test_durability.py

faults: $(VENV)/developer ## The fault table: disk, cache, archive, DuckDB file, clock, other processes
	$(BIN)/pytest -v tests/test_faults.py tests/test_nights.py

hostile: $(VENV)/developer ## Documents and sources made to deceive
	$(BIN)/pytest -v tests/test_hostile.py

nights: $(VENV)/developer ## A survey that lives through 30 nights of trouble
	$(BIN)/python -m tests.simulation 30

mutations: $(VENV)/developer ## Plant errors in values and count how many the check stops (PROJECT=folder: of that survey)
	$(BIN)/python benchmarks/mutations.py $(if $(PROJECT),--project $(PROJECT),$(SHARED))

evaluate: $(VENV)/developer ## The engine without a model against the gold of ../shared, two papers held out: docs/quality.md
	PYTHONPATH=. $(BIN)/python benchmarks/gold.py $(SHARED) $(if $(HTML),--html $(HTML))

screenshots: $(VENV)/developer browser ## Take the pictures of docs/ again, from the demo survey
	$(BIN)/python -m tests.review.screenshots docs
	$(BIN)/python -m tests.papers.kinds docs

lock: $(VENV)/developer ## Rewrite the lock files: hashes, no addresses
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --all-extras --generate-hashes --no-header --no-annotate pyproject.toml -o requirements-dev.lock

clean: ## Remove what was installed and built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage .coverage.* examples/*/warehouse

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, this is %d.%d: make PYTHON=python3.11" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/developer: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/runtime
