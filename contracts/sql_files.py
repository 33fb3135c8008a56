"""Named queries from `.sql` files.

A query begins with `-- its_name --`; the comment lines under it say what it gives.
"""

import re
from functools import cache
from pathlib import Path

_NAME = re.compile(r"^-- (?P<name>[a-z][a-z0-9_]*) --\s*$", re.MULTILINE)


class SqlFileError(ValueError):
    """A `.sql` file that cannot be read as named queries."""


@cache
def load_queries(path: Path) -> dict[str, str]:
    """The queries of one file by name, comments kept.

    Raises
    ------
    SqlFileError
        If the file names no query, or one name twice, or leaves one undescribed.
    """
    text = path.read_text(encoding="utf-8")
    heads = list(_NAME.finditer(text))
    if not heads:
        raise SqlFileError(f"{path}: no line of the form '-- name --'")
    queries: dict[str, str] = {}
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        name = head["name"]
        body = text[head.end() : following.start() if following else None].strip()
        if name in queries:
            raise SqlFileError(f"{path}: the query {name} stands there twice")
        if not body.startswith("--"):
            raise SqlFileError(f"{path}: the query {name} has no describing comment")
        queries[name] = body
    return queries


def beside(module_file: str, name: str = "queries.sql") -> dict[str, str]:
    """The queries of the file `name` in the folder of a module (`beside(__file__)`)."""
    return load_queries(Path(module_file).parent / name)
