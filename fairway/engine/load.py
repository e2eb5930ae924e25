"""From text to a typed document, or every reason why not, each with its line."""

import hashlib
import json
from dataclasses import dataclass

from pydantic import ValidationError

from fairway.engine.faults import finding_of
from fairway.engine.findings import DocumentRefused
from fairway.engine.reader import Document, read
from fairway.engine.refusals import MAX_FINDINGS
from fairway.engine.spec import Sop


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document that was read and typed. `digest` names its content: comments and layout do not change it."""

    sop: Sop
    document: Document
    digest: str


def load(text: bytes | str, name: str = "") -> Loaded:
    """Read and type one document; `name` (of the file) only goes into the refusal.

    Raises DocumentRefused with a finding for every fault of its YAML, or else of its types (MAX_FINDINGS at most).
    """
    document = read(text, name=name)
    try:
        sop = Sop.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as refused:
        errors = refused.errors(include_url=False)[: 2 * MAX_FINDINGS]
        findings = [found for error in errors if (found := finding_of(error, document))]
        raise DocumentRefused(findings[:MAX_FINDINGS], name) from None
    return Loaded(sop, document, digest_of(sop))


def digest_of(sop: Sop) -> str:
    """SHA-256 (hex) over the typed document, its forms and tables included, written in one canonical way.

    What is left out and what is written as the default is the same, so that the language can grow without changing
    the digest of what was published before.
    """
    data = sop.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
