# The two commands are `make run` and `make test`; the rest serves them. Nothing here needs root, but for missing
# PostgreSQL and Chromium, which only the tests want.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
SITE = $(shell $(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
SOURCES := $(shell find src/handsel -path '*/static/*' -type f -not -path '*/built/*' 2>/dev/null)

.PHONY: run install test pictures lock wheel
.DELETE_ON_ERROR:

run: install
	@exec $(BIN)/handsel run $(RUN)

install: .venv/ready src/handsel/collected/staticfiles.json

test: .venv/ready-to-test src/handsel/collected/staticfiles.json
	@$(BIN)/python tools/test.py $(TEST)

pictures: .venv/ready-to-test src/handsel/collected/staticfiles.json
	@$(BIN)/python tools/pictures.py

# Locks hold hashes and no address of a package index.
lock: .venv/ready-to-test
	$(BIN)/uv pip compile -q --generate-hashes --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-header --python-version 3.11 -c requirements-dev.txt requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-header --python-version 3.11 -c requirements-dev.txt requirements-s3.in -o requirements-s3.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-header --python-version 3.11 -c requirements-dev.txt requirements-build.in -o requirements-build.txt

wheel: .venv/ready-to-test src/handsel/collected/staticfiles.json
	@$(BIN)/python -m build --wheel --no-isolation

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Handsel needs Python 3.11 or newer; this is $$($(PYTHON) -V). Try: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv package is missing. As root: apt-get install python3-venv"; exit 1; }

# Build tools come from PyPI too, so that no Node is needed on the machine.
.venv/ready: requirements.txt requirements-build.txt | .venv/bin/pip
	@echo "Installing what Handsel needs (a minute or two, once) …"
	@$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt || { tools/why-not.sh; exit 1; }
	@echo "$(CURDIR)/src" > "$(SITE)/handsel.pth"
	@printf '#!%s\nfrom handsel.cli.main import main\n\nif __name__ == "__main__":\n    main()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/handsel
	@chmod +x $(BIN)/handsel
	@touch $@

.venv/ready-to-test: requirements-dev.txt .venv/ready
	@echo "Installing what the tests need (a minute or two, once) …"
	@$(PIP) install --require-hashes -r requirements-dev.txt || { tools/why-not.sh; exit 1; }
	@touch $@

node_modules/.package-lock.json: package-lock.json
	@rm -rf node_modules

src/handsel/collected/staticfiles.json: .venv/ready package-lock.json node_modules/.package-lock.json tools/assets.py $(SOURCES)
	@echo "Building style, script, icons and fonts …"
	@$(BIN)/python tools/assets.py
	@touch node_modules/.package-lock.json $@
