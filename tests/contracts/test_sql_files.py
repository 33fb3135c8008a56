from pathlib import Path

import pytest

from contracts.sql_files import SqlFileError, load_queries


def test_queries_are_found_by_name(tmp_path: Path) -> None:
    path = tmp_path / "q.sql"
    path.write_text("-- one --\n-- Gives one.\nselect 1;\n\n-- two --\n-- Gives two.\nselect 2;\n")
    assert list(load_queries(path)) == ["one", "two"]
    assert "select 2" in load_queries(path)["two"]


@pytest.mark.parametrize(
    "text",
    [
        "select 1;",
        "-- one --\nselect 1;",
        "-- one --\n-- a\nselect 1;\n-- one --\n-- b\nselect 2;",
    ],
)
def test_a_file_without_names_descriptions_or_with_a_repeat_is_refused(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "q.sql"
    path.write_text(text)
    with pytest.raises(SqlFileError):
        load_queries(path)
