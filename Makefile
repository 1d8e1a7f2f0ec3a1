# Everything a person or CI needs. `make demo` and `make test` do all set-up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check format lint types imports unused tests bench scorecard clean

$(STAMP): pyproject.toml uv.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.7"
	$(BIN)/uv sync --quiet --locked --inexact --python $(BIN)/python
	touch $(STAMP)

demo: $(STAMP)  ## the main job, for real, offline: stand-ins, downloads, files, Notion rows, Eagle items
	$(BIN)/sync demo

test: check  ## the whole check: format, lint, types, layers, tests with coverage

check: lint types imports unused tests

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

unused: $(STAMP)
	$(BIN)/deptry .

tests: $(STAMP)
	$(BIN)/python -m tests.run

bench: $(STAMP)  ## ratios against the peers of docs/benchmarks.md, in one run
	$(BIN)/python -m tests.bench.run

scorecard: $(STAMP)  ## docs/scorecard*.md: labelled names, traps, a repeat of F1, real music (fetched from Debian)
	$(BIN)/python -m tests.scorecard
	$(BIN)/python -m tests.scorecard.audio --docs

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* dist build
