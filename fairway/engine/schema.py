"""The JSON Schema of the language, made from the types that read it: for editors that check while one types."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from fairway.engine.duration import PATTERN
from fairway.engine.spec import Sop

_OF_A_TABLE = r"^table\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"

# The short forms that the types take, by the function that reads them.
_SHORT_FORMS: dict[str, dict[str, Any]] = {
    "_constant": {"type": "boolean"},
    "_one_or_many": {"type": "string"},
    "_plain_or_by": {"type": "string", "pattern": f"{PATTERN}|{_OF_A_TABLE}"},
    "_auto": {"enum": ["author", "now", "number", "owner", "due", "grade"]},
}


class _Generate(GenerateJsonSchema):
    """As pydantic writes it, with the short forms, and plain scalars where the document may leave out the quotes."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """The long form or the short one."""
        long = super().function_before_schema(schema)
        short = _SHORT_FORMS.get(schema["function"]["function"].__name__)
        return {"anyOf": [short, long]} if short else long

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """A text; an editor reads an unquoted `3` or `true` as something else, and Fairway as text."""
        found = super().str_schema(schema)
        return found if "pattern" in found else {**found, "type": ["string", "number", "boolean"]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Defaults that say something; an absent part and a condition that always holds do not."""
        found = super().default_schema(schema)
        if isinstance(found.get("default"), dict) or found.get("default") in (None, []):
            found.pop("default", None)
        return found

    def get_title_from_name(self, name: str) -> str:
        """The key itself: it is what people read in the document."""
        return name


def json_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of a document."""
    schema = Sop.model_json_schema(by_alias=True, schema_generator=_Generate)
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": "Fairway SOP"}


def json_schema_text() -> str:
    """The schema as it is published in docs/sop.schema.json."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
