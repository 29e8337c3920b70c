PYTHON ?= python3
BIN := .venv/bin
# pip may be the system's own and the venv without one: Debian ships them apart.
PIP := $(PYTHON) -m pip --disable-pip-version-check --python .venv/bin/python install --quiet
CODE := kca_etl schemas flows benchmarks tests
QUICK_TESTS := tests/project/test_docs.py tests/project/test_architecture.py tests/german

.PHONY: damage mutate-documents measure-drafts demo test check-fast test-long serve lint lock wheel-test docs bench \
	clean corpus load-test crash-matrix fuzz

demo: .venv/installed ## the main job: sample documents, flow, overview
	mkdir -p .kca && $(BIN)/kca demo

test: .venv/installed ## the whole suite, PostgreSQL included
	$(BIN)/python -m pytest

test-long: .venv/installed ## what takes minutes: workers killed, the UI in a browser; one after the other, since each runs servers
	$(BIN)/python -m pytest -n 0 -m long tests/flows tests/operate tests/runs

check-fast: lint ## the inner loop, under a minute: linters, types, the quick tests
	$(BIN)/python -m pytest -q $(QUICK_TESTS)

serve: .venv/installed ## Prefect on this machine: server with UI, worker, deployments
	$(BIN)/kca serve

lint: .venv/installed
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy

lock: .venv/installed ## resolve every dependency anew, with hashes, for all supported Pythons
	$(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header --extra dev --python-version 3.11 \
		--upgrade --quiet pyproject.toml -o requirements.lock

docs: .venv/installed ## write the generated pages
	$(BIN)/python -m kca_etl.cli.pages docs
	$(BIN)/python -m tests.faults.corpus.page
	$(BIN)/kca sources schema > docs/source.schema.json
	$(BIN)/kca office schema > docs/office.schema.json

mutate-documents: .venv/installed ## what slips of every kind become; needs real data, see docs/guarantees.md
	$(BIN)/python -m tests.mutate

fuzz: .venv/installed ## what takes text or bytes from outside, by chance, for minutes
	KCA_FUZZ_EXAMPLES=5000 $(BIN)/python -m pytest -n 2 tests/fuzz

corpus: .venv/installed ## every kind of faulty document in a process of its own; see docs/faults.md
	$(BIN)/python -m tests.faults.corpus

measure-drafts: .venv/installed ## the share of value cells that drafts read; needs real data, see docs/adding-a-source.md
	$(BIN)/python -m tests.drafts

damage: .venv/installed ## 3,000 random damages of real workbooks; needs real data, see docs/guarantees.md
	$(BIN)/python -m tests.faults.damage

bench: .venv/installed ## needs real data, see README
	$(BIN)/python benchmarks/load_sanktionen.py

wheel-test: .venv/installed ## the suite against the built wheel in a fresh environment
	rm -rf build/wheel-test && mkdir -p build/wheel-test
	$(BIN)/python -m build --wheel --no-isolation --outdir build/wheel-test .
	$(PYTHON) -m venv --without-pip build/wheel-test/.venv
	$(PYTHON) -m pip --disable-pip-version-check --python build/wheel-test/.venv/bin/python install --quiet --no-deps --require-hashes -r requirements.lock
	$(PYTHON) -m pip --disable-pip-version-check --python build/wheel-test/.venv/bin/python install --quiet --no-deps build/wheel-test/*.whl
	cp -r tests pyproject.toml build/wheel-test/
	cd build/wheel-test && .venv/bin/python -m pytest -m "not project and not long" --ignore tests/project

load-test: .venv/installed ## eight writers and four readers for five minutes, on both databases
	$(BIN)/python -m tests.load --keep

crash-matrix: .venv/installed ## every operation ended at every step, on both databases; see docs/guarantees.md
	$(BIN)/python -m tests.crash --keep > /dev/null

# The lock names every package with its hashes, so nothing is left to resolve.
.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv --without-pip .venv
	$(PIP) --no-deps --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

clean:
	rm -rf .venv build dist .kca
