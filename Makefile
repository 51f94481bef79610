# tradeviz: `make briefings` writes the briefings to site/, `make test` checks everything.
# Both need only Python 3.11 or newer and make: they set up .venv from requirements.lock on their own.
# `make test-lowest` does the same with .venv-lowest and requirements-lowest.lock.
# Arguments go in ARGS, e.g.  make briefings ARGS="--as-of 2025-04-25 --partners KOR,JPN".

# The first of these that is Python 3.11 or newer is used; name another one with `make PYTHON=...`.
PYTHON ?= python3 python3.13 python3.12 python3.11 python
ARGS ?=

VENV := .venv
LOCK := requirements.lock
BIN := $(VENV)/bin
STAMP := $(VENV)/installed.stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check
RESOLVE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help briefings docs test test-lowest pytest compiled lint lab check bench soak format lock release clean distclean

help:
	@echo "make briefings   build the HTML briefings in site/"
	@echo "make test        lint, type check and all tests"
	@echo "make test-lowest most of the tests again, on the lowest versions that pyproject.toml admits"
	@echo "make docs        build the documentation in build/docs/"
	@echo "make lab         open the notebooks in JupyterLab"
	@echo "make check       validate the tables in data/"
	@echo "make bench       measure speed"
	@echo "make soak        try to break it for hours; docs/reliability.md has the figures"
	@echo "make lint        ruff and mypy only"
	@echo "make format      let ruff format and mend the code"
	@echo "make lock        write requirements.lock and requirements-lowest.lock anew from pyproject.toml"
	@echo "make release     check all that a release of the data needs; says what is left to do, and does none of it"
	@echo "make clean       remove what was built (distclean: the environments too)"

briefings: $(STAMP) compiled
	$(BIN)/tradeviz build --out site $(ARGS)

docs: $(STAMP) compiled
	$(BIN)/python docs/build.py

# pytest comes last, so that its summary ends the output; it works on all cores, each worker taking over tests from the others.
test: lint pytest

pytest: compiled
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

# In an environment of its own, with the lowest Python where there is one. Lint has no lowest versions: what ruff and mypy
# find changes with each of theirs, and nobody who uses the package needs them. Chromium has none either: what it shows of a
# page is looked at once, by `make test`. Of what builds something whole, a few tests stand for all.
test-lowest:
	@$(MAKE) --no-print-directory VENV=.venv-lowest LOCK=requirements-lowest.lock PYTHON="python3.11 $(PYTHON)" \
		ARGS="-m 'not browser and (not slow or lowest)' $(ARGS)" pytest

# Many processes import the package: where Python may not keep bytecode, each would compile it anew.
compiled: $(STAMP)
	@$(BIN)/python -m compileall -q src

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MYPY_NUM_WORKERS=auto $(BIN)/mypy

lab: $(STAMP)
	$(BIN)/jupyter lab notebooks $(ARGS)

check: $(STAMP)
	$(BIN)/tradeviz check $(ARGS)

bench: $(STAMP)
	$(BIN)/python bench/run.py $(ARGS)

soak: $(STAMP) compiled
	$(BIN)/python -m soak $(or $(ARGS),all)

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Versions stay as they are unless pyproject.toml asks for others; `make lock ARGS=--upgrade` takes the newest.
# `lowest-direct`: the lowest of what pyproject.toml names, the newest of what those need in turn. Bounds of the latter are not
# ours to set, and some are so low that they cannot be built any more. Without `--upgrade` a bound that is lowered would keep the
# version that stands in the file.
lock: $(STAMP)
	$(PIP) install --quiet "uv>=0.9,<1"
	$(RESOLVE) --output-file requirements.lock $(ARGS) pyproject.toml
	$(RESOLVE) --resolution lowest-direct --upgrade --output-file requirements-lowest.lock pyproject.toml

# Tags and uploads nothing.
release: test check
	-$(BIN)/tradeviz due
	$(BIN)/python -m tradeviz.upkeep.release

clean:
	rm -rf site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find bench data docs notebooks soak src tests -name __pycache__ -prune -exec rm -rf {} +
	find notebooks -name .ipynb_checkpoints -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv .venv-lowest

# The environment: every version pinned, then this checkout itself, editable, so that its data/ and notebooks/ are used.
$(STAMP): $(LOCK) pyproject.toml $(wildcard src/tradeviz/briefing/templates/tradeviz/*)
	@found=; \
	for python in $(PYTHON); do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "tradeviz needs Python 3.11 or newer; none of these is: $(PYTHON). Install one, or name it: make PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$found cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; \
	fi; \
	if [ ! -x $(BIN)/python ] || ! $(BIN)/python -c 'import pip' 2>/dev/null; then \
		echo "Setting up $(VENV) with $$($$found --version)"; \
		"$$found" -m venv --clear $(VENV); \
	fi
	$(PIP) install --quiet --requirement $(LOCK)
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
