# The two commands of the README are `make demo` and `make test`; `make help` lists the rest.
# PYTHON names the interpreter to begin with (3.11 or newer); everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --require-hashes --no-build-isolation --use-pep517
INSTALL_274 := $(PIP) --python $(VENV)/whoosh274 install --quiet --no-build-isolation --use-pep517
PLATFORM ?=
PYVER ?=
OCR ?=
# How many processes run the tests; a whole file always goes to one of them.
PROCESSES ?= 2
PYTEST = $(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadfile

export DEBIAN_FRONTEND := noninteractive

.PHONY: help demo test quick quick-tests ocr lint types contracts tests test-cluster test-whoosh274 test-windows test-elsewhere test-linux wheelhouse windows linux dist lock fuzz api-cases bench bench-check bench-scale bench-ocr clean
help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 17

demo: $(VENV)/run.stamp ## build a library from collections/ and serve it on 127.0.0.1
	$(BIN)/wenshi demo

test: $(VENV)/test.stamp ## install what the tests need, then run every check, also after one has failed
	@$(MAKE) --no-print-directory --keep-going lint types contracts tests

quick: $(VENV)/test.stamp ## lint, types, contracts and the quick tests: no browser, no LibreOffice, no whole books
	@$(MAKE) --no-print-directory --keep-going lint types contracts quick-tests

quick-tests: $(VENV)/test.stamp
	$(PYTEST) --quiet -m "not slow and not browser and not office"

# What reads scans is an extra of 240 MB. Where a system has no wheels of it, everything else goes on.
ocr: $(VENV)/test.stamp
	@$(MAKE) --no-print-directory --silent $(VENV)/ocr.stamp || \
		echo "wenshi[ocr] cannot be installed here, so the tests of reading scans are skipped by name." >&2

lint: $(VENV)/test.stamp ## formatting and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/test.stamp ## strict type check
	$(BIN)/mypy

contracts: $(VENV)/test.stamp ## who may import whom
	$(BIN)/lint-imports --no-cache

# --no-fold-skipped names each skipped test with its reason.
tests: $(VENV)/test.stamp ocr ## the tests (browser, LibreOffice and fonts are installed when that is allowed)
	@sh scripts/prepare.sh tests
	$(PYTEST) -ra --no-fold-skipped

# What cannot be had is skipped by name. Beside OpenSearch's zip (Maven) it takes a Java of 21 or later.
test-cluster: $(VENV)/cluster.stamp ## the store on a real PostgreSQL and S3, the engines' contract on a real OpenSearch, a node killed under load
	$(BIN)/python scripts/test_cluster.py $(VENV)/cluster

# The fork in use can be replaced by the original it came from: see docs/dependencies.md.
test-whoosh274: $(VENV)/test.stamp ## the engine's tests on the original Whoosh 2.7.4, in an environment of its own
	rm -rf $(VENV)/whoosh274
	$(BIN)/python -m venv --without-pip $(VENV)/whoosh274
	$(INSTALL_274) --require-hashes --requirement requirements/build.txt
	$(INSTALL_274) --require-hashes --requirement requirements/test.txt
	$(PIP) --python $(VENV)/whoosh274 uninstall --quiet --yes whoosh3
	$(INSTALL_274) whoosh==2.7.4
	$(VENV)/whoosh274/bin/python -m pytest -ra tests/archive/search/index

# PLATFORM=win_amd64 PYVER=311 for another system, OCR=1 with what reads scans.
wheelhouse: $(VENV)/build.stamp ## a folder to install from without internet; PLATFORM=win_amd64 PYVER=311, OCR=1
	$(BIN)/python scripts/wheelhouse.py $(if $(PLATFORM),--platform $(PLATFORM)) $(if $(PYVER),--python $(PYVER)) $(if $(OCR),--ocr)

# OCR=1 with what reads scans.
windows: $(VENV)/test.stamp ## dist/wenshi-setup.exe and dist/wenshi-portable.zip, for PCs without Python; OCR=1
	@sh scripts/prepare.sh windows
	$(BIN)/python scripts/build_windows.py $(if $(OCR),--ocr)

# MACHINE=arm64 for that alone; otherwise for both.
linux: $(VENV)/linux.stamp ## dist/*.deb and dist/wenshi-appdir-*.tar.gz, for PCs with Linux of amd64 and arm64; MACHINE=amd64
	@sh scripts/prepare.sh linux
	$(BIN)/python scripts/build_linux.py $(if $(MACHINE),--machine $(MACHINE))

# Then a wheel and a source archive for those with Python, a list of all parts (SBOM), and the digests of everything.
dist: windows linux $(VENV)/dist.stamp ## everything that is handed out, in dist/, with checksums and a list of parts
	$(BIN)/python scripts/dist.py

# Of both: where a tool or a part of others cannot be had, which ends a build with 75, the tests are skipped by name.
test-linux: $(VENV)/linux.stamp ## make the edition for Linux and try it
	@sh scripts/prepare.sh linux || true
	rm -rf build/tried-linux
	$(BIN)/python scripts/build_linux.py --to build/tried-linux || test $$? = 75
	WENSHI_LINUX=build/tried-linux $(BIN)/python -m pytest -ra --no-fold-skipped tests/linux

# In short with an installer that is not packed; FULL=1 with the one that is handed out, and what takes long under Wine;
# with OCR=1 also the one that reads scans.
TRIED = tests/windows/test_setup.py tests/windows/test_uninstall.py
test-windows: $(VENV)/test.stamp ## make the edition for Windows and try it under Wine, upgrading from an older one; FULL=1
	@sh scripts/prepare.sh windows || true
	rm -rf build/tried
	nice $(BIN)/python scripts/build_windows.py --before --to build/tried $(if $(FULL),,--quick) || test $$? = 75
	$(if $(OCR),nice $(BIN)/python scripts/build_windows.py --ocr --quick --to build/tried || test $$? = 75)
	WENSHI_WINDOWS=build/tried nice $(BIN)/python -m pytest -ra --no-fold-skipped --durations=8 $(if $(FULL),tests/windows,$(TRIED))

# Beside each other, since the tests of the cluster wait for their servers most of the time and those of Wine make way;
# what each says stays apart. What the one installs through apt is there before the other begins.
test-elsewhere: $(VENV)/cluster.stamp ## test-cluster and test-windows
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target --keep-going test-cluster test-windows

lock: $(VENV)/build.stamp ## write requirements/*.txt anew, at the newest versions allowed
	$(BIN)/python scripts/lock.py

fuzz: $(VENV)/test.stamp ## thousands of damaged files of every format, queries, tables and forms; INPUTS=5000
	$(BIN)/python tests/bench/fuzz.py --inputs $(or $(INPUTS),5000)
	$(BIN)/python tests/bench/fuzz_requests.py --inputs $(or $(INPUTS),5000)

# BENCH=10 for ten million characters, KEEP=FOLDER to use the library made for it again.
BENCH ?= 1
TABLE = $(BIN)/python tests/bench/table.py $(if $(KEEP),--keep $(KEEP))
api-cases: $(VENV)/test.stamp ## five thousand requests that schemathesis makes of the API's description
	$(BIN)/python tests/bench/api_cases.py

bench: $(VENV)/bench.stamp ## the whole table of speed beside four other ways; BENCH="1 10 30" KEEP=FOLDER
	$(TABLE) --millions $(BENCH)

bench-check: $(VENV)/bench.stamp ## fail when a ratio of tests/bench/ratios.json is more than 20% worse
	$(TABLE) --millions $(BENCH) --rivals scan --check

MILLIONS ?= 10 30
bench-scale: $(VENV)/cluster.stamp ## every engine as the library grows, OpenSearch too; MILLIONS="10 30 100" KEEP=FOLDER: hours
	$(BIN)/python tests/bench/growth.py --millions $(MILLIONS) $(if $(KEEP),--kept $(KEEP))

# OCR_PAGES="--pages 5 --degrees 净 轻 中 重" for more; faces that are not on the machine are fetched into .venv/fonts.
bench-ocr: $(VENV)/test.stamp ocr ## how rightly scans are read: characters, order, lines lost, seconds, memory
	@sh scripts/prepare.sh faces $(VENV)/fonts
	$(BIN)/python tests/bench/ocr.py $(OCR_PAGES)

clean: ## remove what the other targets made
	rm -rf $(VENV) wheelhouse dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/build.stamp: requirements/build.txt
	@sh scripts/prepare.sh venv "$(PYTHON)" $(VENV)
	$(INSTALL) --requirement requirements/build.txt
	@touch $@

$(VENV)/run.stamp: requirements/run.txt pyproject.toml $(VENV)/build.stamp
	$(INSTALL) --requirement requirements/run.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# What ocfl-py needs brings a package `tests` of its own, which would hide ours from the scripts under tests/bench.
$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	$(INSTALL) --requirement requirements/test.txt
	@$(BIN)/python -c "import shutil, sysconfig; shutil.rmtree(sysconfig.get_path('purelib') + '/tests', ignore_errors=True)"
	@touch $@

$(VENV)/ocr.stamp: requirements/ocr.txt $(VENV)/test.stamp
	$(INSTALL) --only-binary=:all: --requirement requirements/ocr.txt
	@touch $@

$(VENV)/bench.stamp: requirements/bench.txt $(VENV)/test.stamp
	$(INSTALL) --only-binary=:all: --requirement requirements/bench.txt
	@touch $@

$(VENV)/cluster.stamp: requirements/cluster.txt $(VENV)/test.stamp
	@sh scripts/prepare.sh cluster
	$(INSTALL) --requirement requirements/cluster.txt
	@touch $@

$(VENV)/linux.stamp: requirements/linux.txt $(VENV)/test.stamp
	$(INSTALL) --only-binary=:all: --requirement requirements/linux.txt
	@touch $@

$(VENV)/dist.stamp: requirements/dist.txt $(VENV)/test.stamp
	$(INSTALL) --only-binary=:all: --requirement requirements/dist.txt
	@touch $@
