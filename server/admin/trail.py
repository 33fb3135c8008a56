"""The audit trail, page by page."""

from typing import Any

from contracts.sql_files import beside
from contracts.texts import mark
from server.db.pool import DictConnection, rows

PAGE = 100
_SQL = beside(__file__)

# What an action's code means; a code that is not here is shown as it is.
ACTIONS = {
    "record.submitted": mark("提交记录"),
    "record.resubmitted": mark("重新提交记录"),
    "record.verified": mark("核实记录"),
    "record.returned": mark("退回记录"),
    "record.rejected": mark("记录不通过"),
    "correspondent.added": mark("新增特派员"),
    "correspondent.changed": mark("修改特派员"),
    "account.added": mark("新增账号"),
    "account.disabled": mark("停用账号"),
    "account.enabled": mark("启用账号"),
    "account.password_reset": mark("重置密码"),
    "readings.export": mark("导出读数"),
    "item.added": mark("新增技术或品种"),
}


def list_audit_lines(
    connection: DictConnection, text: str | None, before: int | None
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of lines, newest first, and where the next begins; `text` as a LIKE pattern."""
    found = rows(
        connection,
        _SQL["select_audit_lines"],
        {"text": text, "before": before, "limit": PAGE + 1},
    )
    return found[:PAGE], found[PAGE - 1]["id"] if len(found) > PAGE else None
