"""Published versions made ready to run. A version never changes, so each is built once per process."""

from __future__ import annotations

import functools

from fairway.engine.load import load
from fairway.engine.program import Program
from fairway.sops.models import SopVersion
from fairway.sops.vocabulary import declared_facts


@functools.lru_cache(maxsize=256)
def program_of(version_id: int) -> Program:
    """The program of a published version. One query the first time in a process, none after."""
    return build(SopVersion.objects.values_list("text", flat=True).get(pk=version_id))


@functools.lru_cache(maxsize=64)
def build(text: str) -> Program:
    """A program from a document's text, built once for each text. Raises DocumentRefused."""
    return Program(load(text).sop, declared_facts())
