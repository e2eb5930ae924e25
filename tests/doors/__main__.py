"""`make matrix`: ask every question anew and write the matrix. Review the difference before it is committed."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.doors import letters

PERSONS_TEST = ["-q", "-p", "no:cacheprovider", "-n", "2", "tests/doors", "-k", "everybody"]


def main() -> int:
    """Let the tests collect what they see, and write it down."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "FAIRWAY_MATRIX_COLUMNS": folder}
        status = subprocess.run(
            [sys.executable, "-m", "pytest", *PERSONS_TEST], env=environment, check=False
        ).returncode
        if status:
            return status
        found = {
            path.name: {(method, pattern): cell for method, pattern, cell in json.loads(path.read_text("utf-8"))}
            for path in Path(folder).iterdir()
        }
    letters.write(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
