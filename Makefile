# Two commands for a newcomer: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup semantic demo test check soak bench docs lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "dossier needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Name one: make PYTHON=python3.12 demo"; exit 1; }
	@echo "Setting up $(VENV) from requirements.lock (once; about a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(STAMP) ## create .venv and install from the lock

semantic: $(STAMP) ## add the optional extra that orders reviews by meaning (about 130 MB)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-semantic.lock

demo: $(STAMP) ## crawl the press we ship, then open the archive (ARGS=--no-serve ends after the summary)
	@$(BIN)/dossier demo $(ARGS)

# The tests start hundreds of commands: none of them should compile our modules anew, whatever the machine's habits.
test: export PYTHONDONTWRITEBYTECODE =
test: $(STAMP) ## all tests, short forms of every proof
	@$(BIN)/python -m pytest -q -n 4 --dist loadfile --no-loadscope-reorder -m "not soak" $(ARGS)

check: $(STAMP) ## lint, types, house rules, documents
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_house.py tests/test_documents.py

soak: $(STAMP) ## the long forms of the proofs
	@$(BIN)/python -m pytest -q -m soak $(ARGS)

bench: $(STAMP) ## benchmarks into benchmarks/results/ and a table
	@$(BIN)/python -m benchmarks $(ARGS)

docs: $(STAMP) ## write docs/cli.md and docs/schema.md again
	@$(BIN)/python -m docs.generate

lock: $(STAMP) ## pin every dependency again, with hashes
	@$(BIN)/python -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --extra dev --quiet --output-file requirements.lock pyproject.toml
	@$(BIN)/python -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --extra auth --constraint requirements.lock --quiet --output-file requirements-run.lock pyproject.toml
	@sed -n 's/.*"\(wordllama>[^"]*\)".*/\1/p' pyproject.toml | $(BIN)/python -m uv pip compile --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --constraint requirements.lock --quiet \
	  --output-file requirements-semantic.lock -

clean: ## remove the environment and all caches
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
