"""The types that a run's document has in Python are those of its schema."""

import json
import types
from typing import get_args, get_origin, get_type_hints, is_typeddict

from daemonspec.report import parts
from daemonspec.report.document import SCHEMA_FILE

SCHEMA = json.loads(SCHEMA_FILE.read_bytes())
PLAIN = {"string": str, "integer": int, "number": float, "boolean": bool, "null": type(None)}


def test_document_has_the_types_of_its_schema():
    """A field that is in one of the two alone is written by nobody, or read by nobody."""
    seen = set()

    _compare(parts.Document, SCHEMA, "document", seen)

    of_documents = {one for one in vars(parts).values() if is_typeddict(one)}
    assert seen == of_documents - {parts.Part}, "a type that no part of a document has"


def _compare(kind, schema, where, seen):
    schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if is_typeddict(kind):
        seen.add(kind)
        hints = get_type_hints(kind)
        assert hints.keys() == schema["properties"].keys(), where
        assert kind.__required_keys__ == set(schema["required"]), where
        for name, one in hints.items():
            _compare(one, schema["properties"][name], f"{where}.{name}", seen)
    elif get_origin(kind) is types.UnionType:
        kinds = get_args(kind)
        assert len(kinds) == len(schema["anyOf"]), where
        for one, below in zip(kinds, schema["anyOf"], strict=True):
            _compare(one, below, where, seen)
    elif get_origin(kind) is list:
        assert schema["type"] == "array", where
        _compare(*get_args(kind), schema["items"], f"{where}[]", seen)
    elif get_origin(kind) is dict:
        assert schema["type"] == "object", where
        _compare(get_args(kind)[1], schema["additionalProperties"], f"{where}[]", seen)
    else:
        told = schema.get("enum", [schema["const"]] if "const" in schema else None)
        expected = {type(one) for one in told} if told else {PLAIN[schema["type"]]}
        given = {type(one) for one in get_args(kind)} or {kind}
        assert given == expected, where
