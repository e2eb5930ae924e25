#!/bin/sh
# Install locked packages: tools/install.sh sync|install LOCK... Every file is checked against the hash in its lock.
# uv first, for its speed. It knows neither pip's settings nor, by itself, the system's certificates: where it cannot reach
# the registry, it tries with these, and then pip takes over, which is slower and reads its own settings.
set -u
bin=.venv/bin
how=$1
shift
locks=
for lock in "$@"; do locks="$locks -r $lock"; done
test "$how" = sync && files="$*" || files=$locks

$bin/uv pip "$how" --python $bin/python --require-hashes $files && exit
echo "== trying again with the system's certificates"
UV_SYSTEM_CERTS=1 UV_NATIVE_TLS=1 $bin/uv pip "$how" --python $bin/python --require-hashes $files && exit
echo "== trying again with pip, which takes a few minutes"
exec $bin/python -m pip install --no-input --disable-pip-version-check --require-hashes $locks
