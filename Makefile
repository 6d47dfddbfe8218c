# Everything a person or CI runs. Each target makes what it needs in a local virtual environment.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8080
OPEN ?= 1
# How many tests run side by side: one a core. `make test JOBS=0` runs them in one process, for a debugger.
JOBS ?= auto

.PHONY: help demo test check lint types floors shapes vendored test-all clean

help:
	@echo "make demo [PORT=8080] [OPEN=0]  the demonstration network, harvested and served"
	@echo "make test                       every test that needs no service"
	@echo "make check                      lint, types, import floors, generated shapes, files of others"
	@echo "make test-all                   also real servers and the browser (see scripts/services)"

$(BIN)/gdi-catalogue: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is %s" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml $(BIN)/gdi-catalogue
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(BIN)/gdi-catalogue
	$(BIN)/gdi-catalogue demo --port $(PORT) $(if $(filter 0,$(OPEN)),--no-open,--open)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not service and not browser"

check: lint types floors shapes vendored

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

floors: $(VENV)/.dev
	$(BIN)/lint-imports

shapes: $(VENV)/.dev
	$(BIN)/python -m shapes.generate --check

vendored: $(VENV)/.dev
	$(BIN)/python scripts/vendor-editor --check

test-all: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,browser,postgresql]'
	scripts/services install
	scripts/services run -- $(BIN)/python -m pytest

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
