"""Large libraries that few requests need, loaded when they are first used.

Polars takes 23 MB in each process and a fifth of the time to start; only files that are read need it. The standard
library's LazyLoader does the same, but two threads that come at once break it before Python 3.12.
"""

import importlib
import importlib.util
import sys
import threading
from types import ModuleType
from typing import Any

_loading = threading.RLock()


class _Later(ModuleType):
    """Stands for a module until somebody asks it for anything."""

    def __getattr__(self, name: str) -> Any:
        # What is asked of every module that is listed is no use of it. (`__path__` is: a part of it is imported.)
        if name in {"__file__", "__wrapped__"}:
            raise AttributeError(name)
        with _loading:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
            self.__dict__.update(vars(importlib.import_module(self.__name__)))
        return getattr(sys.modules[self.__name__], name)


def put_off(*names: str) -> None:
    """Let `import name` give a stand-in that loads the library at its first use; what is loaded or absent stays so."""
    for name in names:
        spec = importlib.util.find_spec(name) if name not in sys.modules else None
        if spec is not None:
            stand_in = _Later(name)
            stand_in.__spec__ = spec
            sys.modules[name] = stand_in
