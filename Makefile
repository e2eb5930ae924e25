# make run: start it here.   make test: check it all.   Other targets: setup, bench, messages, lock, fmt.

export FAIRWAY_HOME ?= $(CURDIR)/data
export PORT ?= 8000
export UV_NO_PROGRESS ?= 1

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
UV := $(BIN)/uv

.DEFAULT_GOAL := help
.PHONY: help setup run test bench messages lock fmt

help:
	@sed -n 1p Makefile

$(STAMPS)/uv: requirements-uv.txt
	@test -n "$(PYTHON)" || { echo "Fairway needs Python 3.11 or newer with venv; none was found."; exit 1; }
	@echo "== making $(VENV) with $(PYTHON)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/packages: $(STAMPS)/uv requirements-dev.txt pyproject.toml
	@echo "== installing the locked packages"
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.txt requirements-uv.txt
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/fairway-checkout.pth"
	@printf '%s\n' '#!$(CURDIR)/$(BIN)/python' 'import sys' 'from fairway.cli import main' 'sys.exit(main())' > $(BIN)/fairway
	@chmod +x $(BIN)/fairway
	@touch $@

setup: $(STAMPS)/packages
