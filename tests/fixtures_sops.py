"""Nothing that is kept per process outlives a test: ids of versions and calendars begin anew in each."""

import pytest

from fairway.sops import calendars, programs


@pytest.fixture(autouse=True)
def _nothing_remembered():
    programs.program_of.cache_clear()
    calendars._own.cache_clear()
