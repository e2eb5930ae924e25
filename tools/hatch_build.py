"""The build hook: a wheel carries the built assets and the compiled translations, which git does not."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PrepareHook(BuildHookInterface[Any]):
    """Runs tools/prepare.py before the files are gathered."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what the wheel carries. An editable install is left as it is: `make setup` builds there."""
        if version != "editable":
            subprocess.run([sys.executable, Path(self.root) / "tools" / "prepare.py"], check=True)
