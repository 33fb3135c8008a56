"""What the app says about records and sync, in the reader's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.form_schema import Form, field_label, load_catalogue
from contracts.problems import FIELD_TEXTS, FieldProblem, Problem
from contracts.texts import Translate, mark
from mobile.clock import CITY
from mobile.records import Record, Standing
from mobile.sync import SyncEnd, SyncResult

STANDINGS: Mapping[Standing, str] = {
    Standing.DRAFT: mark("草稿"),
    Standing.WAITING: mark("待发送"),
    Standing.SENT: mark("已发送"),
    Standing.RETURNED: mark("已退回"),
    Standing.VERIFIED: mark("已核实"),
    Standing.REJECTED: mark("未通过"),
    Standing.CONFLICT: mark("有冲突"),
}
MONTHS = (
    mark("1月"), mark("2月"), mark("3月"), mark("4月"), mark("5月"), mark("6月"),
    mark("7月"), mark("8月"), mark("9月"), mark("10月"), mark("11月"), mark("12月"),
)  # fmt: skip
WEEKDAYS = (
    mark("一"), mark("二"), mark("三"), mark("四"), mark("五"), mark("六"), mark("日"),
)  # fmt: skip


def form_title(form: str, language: str) -> str:
    """The name of a form; its key if the catalogue has none such."""
    known = load_catalogue().get(form)
    return form if known is None else str(known["title"][language])


def sync_words(waiting: int, last: str | None, now: datetime, t: Translate) -> str:
    """What waits, and when the last sync was: "3 条待发送，上次 14:20"."""
    first = t("%(count)s 条待发送") % {"count": waiting} if waiting else t("没有待发送的记录")
    parts = [first]
    parts.append(
        t("上次同步 %(time)s") % {"time": _moment(last, now, t)} if last else t("还未同步过")
    )
    return t("，").join(parts)


def _moment(iso: str, now: datetime, t: Translate) -> str:
    moment = datetime.fromisoformat(iso).astimezone(CITY)
    clock = f"{moment:%H:%M}"
    if moment.date() == now.astimezone(CITY).date():
        return clock
    day = t("%(month)s%(day)s日") % {"month": t(MONTHS[moment.month - 1]), "day": moment.day}
    return f"{day} {clock}"


def month_title(year: int, month: int, t: Translate) -> str:
    """The head of a calendar page: "2026年5月"."""
    return t("%(year)s年%(month)s") % {"year": year, "month": t(MONTHS[month - 1])}


def result_words(result: SyncResult, t: Translate) -> str:
    """What a sync did, in one or two sentences."""
    if result.end is SyncEnd.SIGN_IN_AGAIN:
        return t("登录已过期，请重新登录；未发送的记录都还在手机上")
    if result.end is SyncEnd.CANCELLED:
        return t("同步已停止")
    parts = []
    if result.sent:
        parts.append(t("已发送 %(count)s 条") % {"count": result.sent})
    if result.rejected:
        parts.append(t("%(count)s 条未通过，请更正") % {"count": result.rejected})
    if result.conflicts:
        parts.append(t("%(count)s 条有冲突") % {"count": result.conflicts})
    if result.problem is not None:
        parts.append(problem_words(result.problem, t))
        parts.append(t("未发送的记录保存在手机上"))
    return t("；").join(parts) if parts else t("已是最新")


def problem_words(problem: Problem, t: Translate) -> str:
    """What went wrong, in the reader's language."""
    return problem.sentence(t)


def field_problem_words(form: Form, problem: FieldProblem, language: str, t: Translate) -> str:
    """What is wrong with a field and what would be right."""
    sentence = problem.sentence(t, field_label(form, problem.field, language))
    # The font draws curved quotation marks as wide as a Chinese character.
    return sentence.replace("“", '"').replace("”", '"') if language == "en" else sentence


def told_problem(form: Form, told: Mapping[str, Any], language: str, t: Translate) -> FieldProblem:
    """The server's problem as a value; one that this app does not know keeps its own sentence."""
    code = str(told.get("code", ""))
    problem = FieldProblem(
        str(told.get("field", "")), code, told.get("value"), told.get("expected") or {}
    )
    if code in FIELD_TEXTS:
        try:
            field_problem_words(form, problem, language, t)
        except (KeyError, TypeError, ValueError):
            code = ""
        else:
            return problem
    return FieldProblem(problem.field, "", told.get("message") or problem.code)


def problem_sentence(form: Form, told: Mapping[str, Any], language: str, t: Translate) -> str:
    """The sentence of a problem that the server told, in the language of now if possible."""
    problem = told_problem(form, told, language, t)
    if problem.code in FIELD_TEXTS:
        return field_problem_words(form, problem, language, t)
    return str(problem.value)


def note_words(record: Record, language: str, t: Translate) -> str:
    """Why a record needs attention, in one line; empty if it does not."""
    form = load_catalogue().get(record.form)
    standing = record.standing
    if record.returned is not None or (standing is Standing.REJECTED and not record.problems):
        # English has a no-break space here: Kivy would move all the Chinese to a new line.
        reason = record.review.reason if record.review else ""
        return t("审核意见：%(reason)s") % {"reason": reason}
    if standing is Standing.REJECTED and form is not None:
        return t("；").join(problem_sentence(form, p, language, t) for p in record.problems)
    if standing is Standing.CONFLICT:
        return t("服务器上已有同一编号而内容不同的记录，请联系县区科技局")
    return ""
