# make run: start Fairway here.  make test: check everything.  Also: setup, bench, wheel, messages, lock, fmt, lint.
# FAIRWAY_HOME is the data folder (default ./data), PORT the port (default 8000).

export FAIRWAY_HOME ?= $(CURDIR)/data
export PORT ?= 8000
# Compiled Python is kept whatever the surroundings say: without it each start takes four times as long.
export PYTHONDONTWRITEBYTECODE :=

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
UV := $(BIN)/uv

# The first Python of at least 3.11 that can make a virtual environment; or name one: make PYTHON=/path/to/python3.12
find_python = for p in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench wheel messages matrix faults fuzz guide lock fmt prepare pictures
.NOTPARALLEL:

help:
	@sed -n '1,2s/^# //p' Makefile

$(BIN)/python:
	@python=$$($(find_python)); \
	test -n "$$python" || { echo "Fairway needs Python 3.11 or newer with its venv module; none was found."; exit 1; }; \
	echo "== making $(VENV) with $$($$python --version)"; \
	$$python -m venv $(VENV)

$(STAMPS)/uv: requirements-uv.txt | $(BIN)/python
	@echo "== installing uv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-uv.txt
	@mkdir -p $(STAMPS) && touch $@

# What running needs, and what builds the assets; a full set-up has it too.
$(STAMPS)/run: $(STAMPS)/uv requirements-build.txt
	@test -e $(STAMPS)/all && test $(STAMPS)/all -nt requirements-build.txt || { \
		echo "== installing the locked packages"; \
		sh tools/install.sh install requirements-build.txt; }
	@touch $@

$(STAMPS)/all: $(STAMPS)/uv requirements-dev.txt
	@echo "== installing the locked packages, those for tests too"
	@sh tools/install.sh sync requirements-dev.txt requirements-uv.txt
	@touch $@

# The checkout itself is put on the path rather than installed: an edit works at once.
$(STAMPS)/checkout: $(STAMPS)/uv Makefile
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/fairway-checkout.pth"
	@printf '%s\n' '#!/bin/sh' 'exec "$(CURDIR)/$(BIN)/python" -m fairway "$$@"' > $(BIN)/fairway
	@chmod +x $(BIN)/fairway
	@touch $@

prepare:
	@$(BIN)/python tools/prepare.py

setup: $(STAMPS)/all $(STAMPS)/checkout prepare
	@$(BIN)/python tools/system.py

run: $(STAMPS)/run $(STAMPS)/checkout prepare
	@if test -e fairway/commands/demo.py && test ! -s "$(FAIRWAY_HOME)/demo.txt"; then \
		echo "== making the demo company"; mkdir -p "$(FAIRWAY_HOME)" && umask 077 && \
		$(BIN)/fairway demo > "$(FAIRWAY_HOME)/demo.part" && mv "$(FAIRWAY_HOME)/demo.part" "$(FAIRWAY_HOME)/demo.txt"; \
	fi
	@cat "$(FAIRWAY_HOME)/demo.txt" 2>/dev/null || true
	@exec $(BIN)/fairway serve --port $(PORT)

test: setup
	@$(BIN)/python tools/check.py

lint: setup
	@$(BIN)/python tools/check.py lint

bench: setup
	@$(BIN)/python -m bench

wheel: setup
	@rm -rf dist && $(BIN)/python -m build --wheel --no-isolation

messages: $(STAMPS)/all
	@$(BIN)/python tools/messages.py

# Who gets in where (tests/doors/matrix.tsv), asked anew: review what differs.
matrix: $(STAMPS)/all
	@$(BIN)/python -m tests.doors

# Web and worker killed while they write, 200 times.
faults: $(STAMPS)/all
	@FAIRWAY_FAULT_ROUNDS=200 $(BIN)/python -m pytest -n0 -q tests/faults

# Every operation of the API with 200 examples of each sort.
fuzz: $(STAMPS)/all
	@FAIRWAY_EXAMPLES=200 $(BIN)/python -m pytest -n 2 -q tests/api/test_schema.py

# The pictures of the user guide, taken of the demo company: docs/guide/pictures.
guide: setup
	@$(BIN)/python tools/guide.py

# Every page at 375, 768 and 1440 px, in both languages and themes, into artefacts/.
pictures: $(STAMPS)/all
	@FAIRWAY_PICTURES=1 $(BIN)/python -m pytest -n0 -q tests/browser/test_every_page.py -k pictures

fmt: $(STAMPS)/all
	@$(BIN)/ruff check --fix --quiet; $(BIN)/ruff format

lock: $(STAMPS)/uv
	@sh tools/lock.sh $(UV)
