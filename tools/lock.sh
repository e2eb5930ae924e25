#!/bin/sh
# Resolve the dependencies of pyproject.toml anew and write the locks. Pass --upgrade to take newer versions.
# A lock names no registry: the installer uses the one that the user's own settings name.
set -eu
uv=$1
shift
compile() {
    "$uv" pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header "$@"
}
compile "$@" pyproject.toml -o requirements.txt
compile "$@" pyproject.toml --group build -c requirements.txt -o requirements-build.txt
compile "$@" pyproject.toml --group dev -c requirements-build.txt -o requirements-dev.txt
grep -o '^uv==[0-9.]*' requirements-uv.txt | compile --no-annotate - -o requirements-uv.txt
