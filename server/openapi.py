"""What the API description says beyond the routes: how to sign in, and how failures look."""

from typing import Any

from fastapi import FastAPI

_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem details; texts are in the language of Accept-Language.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable; programs decide by it."},
        "instance": {"type": "string"},
        "fields": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
    },
}
_FIELD_PROBLEM = {
    "type": "object",
    "title": "FieldProblem",
    "required": ["field", "code", "message"],
    "properties": {
        "field": {"type": "string", "description": "Path of the field, as households.2"},
        "code": {"type": "string"},
        "value": {"description": "What was given."},
        "expected": {"type": "object", "description": "What would be right."},
        "message": {"type": "string"},
    },
}
_ALWAYS = {
    "400": "The request is no HTTP that a route takes.",
    "411": "The request has a body of unstated length.",
    "413": "The body is too large.",
    "422": "A field is wrong; `fields` says which, and what would be right.",
    "500": "A fault of the server.",
    "503": "The database does not answer; try again later.",
}
_SIGNED_IN = {"401": "Nobody is signed in, or the session ended.", "403": "Not this role's."}
_AT_SIGN_IN = {"401": "Wrong name or password.", "429": "Too many wrong passwords."}
_AT_A_THING = {
    "404": "Not there, or not visible to this person.",
    "409": "Somebody else was quicker.",
}


def describe(app: FastAPI) -> None:
    """Make the app's OpenAPI document complete."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain())
        document: dict[str, Any] = app.openapi_schema or {}
        return document

    app.openapi = openapi  # type: ignore[method-assign] # the documented way to extend it


def _complete(document: dict[str, Any]) -> None:
    components = document.setdefault("components", {})
    components["schemas"] |= {"Problem": _PROBLEM, "FieldProblem": _FIELD_PROBLEM}
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["securitySchemes"] = {
        "session": {"type": "http", "scheme": "bearer", "description": "Token of sign_in."}
    }
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _complete_operation(path, operation)


def _complete_operation(path: str, operation: dict[str, Any]) -> None:
    failures = dict(_ALWAYS)
    if operation["operationId"] == "sign_in":
        failures |= _AT_SIGN_IN
    else:
        failures |= _SIGNED_IN
        operation["security"] = [{"session": []}]
    if "{" in path or operation["operationId"].startswith("create_"):
        failures |= _AT_A_THING
    for status, description in failures.items():
        operation["responses"][status] = {
            "description": description,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
