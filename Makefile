PYTHON ?= python3
PORT ?= 8501
# The share of lines and branches that the tests must run, in percent. It may rise.
FLOOR := 94
BIN := .venv/bin
CHROMIUM := $(firstword $(wildcard /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome))

.DEFAULT_GOAL := help
.PHONY: help setup run notebook test proof soak check fix demo worker bench docs lock browser

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.installed ## Install the packages into .venv and prepare the database
	@$(BIN)/python manage.py setup

run: .venv/.installed ## Serve the dashboard and print its address (PORT=… overrides 8501)
	@exec $(BIN)/streamlit run streamlit_app.py --server.port $(PORT)

notebook: .venv/.installed-notebook setup ## Install Jupyter into .venv and open docs/notebook.ipynb
	@PYTHONPATH="$(CURDIR)" exec $(BIN)/jupyter lab --FileContentsManager.pre_save_hook=notebooks.saving.without_answers \
		docs/notebook.ipynb

test: .venv/.installed-dev browser ## Run all tests but those in a browser (ARGS="-k week" …); TEST_DATABASE_URL adds a run of the database tests on that server
	@env -u TEST_DATABASE_URL $(BIN)/pytest -p tests.covered $(if $(ARGS),,--floor $(FLOOR)) -n 2 --no-loadscope-reorder --dist loadfile --ignore tests/browser tests $(ARGS)
	@if [ -n "$$TEST_DATABASE_URL" ]; then $(BIN)/pytest -n 2 --no-loadscope-reorder --dist loadfile tests/database tests/queries tests/actions $(ARGS); fi

proof: .venv/.installed-dev browser ## Run tests that take longer or need other servers: a browser, restarts, load, PgBouncer, nginx
	@env -u TEST_DATABASE_URL $(BIN)/pytest -n 2 --no-loadscope-reorder --dist loadfile tests/browser
	@$(BIN)/pytest proofs

soak: .venv/.installed-dev browser ## Run the same tests in full, for hours
	@PROOF_LENGTH=full $(BIN)/pytest proofs

check: .venv/.installed-dev ## Check format, lint, types, layers, SQL and the tenancy of an upgraded database
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --disable-progress-bar -p 2 database
	@$(BIN)/python -m tests.statements.files
	@$(BIN)/python -m database.checks
	@$(BIN)/python -m commands.docs --check

fix: .venv/.installed-dev ## Fix formatting, and lint errors where possible
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix --disable-progress-bar database

demo: .venv/.installed ## Reload the demo data (OPTIONS="--students 1000" …)
	@$(BIN)/python manage.py demo --replace $(OPTIONS)

worker: .venv/.installed ## Run one more background worker
	@exec $(BIN)/python manage.py worker

bench: .venv/.installed-dev ## Measure queries, pages, and fifty and a hundred people at once; SIZE=demo|spec|ten for the cost of figures
	@$(BIN)/python -m $(if $(SIZE),benchmarks.core --size $(SIZE) $(OPTIONS),benchmarks.run)

docs: .venv/.installed-dev ## Regenerate docs/metrics.md and docs/exports.md
	@$(BIN)/python -m commands.docs

lock: ## Compile requirements*.in to requirements*.txt (needs uv)
	@uv pip compile --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url requirements.in -o requirements.txt
	@uv pip compile --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url requirements-dev.in -o requirements-dev.txt
	@uv pip compile --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url requirements-notebook.in -o requirements-notebook.txt

browser: .venv/.installed-dev
	@if [ -z "$(CHROMIUM)" ]; then $(BIN)/playwright install chromium; fi

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; set PYTHON=python3.12, say.")'
	@$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt .venv/bin/python
	@echo "Installing packages into .venv (a minute or two, once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv/.installed-notebook: requirements-notebook.txt .venv/.installed
	@echo "Installing Jupyter into .venv (a minute, once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-notebook.txt
	@touch $@
