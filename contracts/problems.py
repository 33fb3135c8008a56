"""What can go wrong with one request, as stable codes that every program knows.

A `Problem` is raised where one request fails as a whole; the server renders it after RFC 9457.
A `FieldProblem` is a value: one field of one record, with what was given and what would be right.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from contracts.texts import Translate, mark


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """An expected failure. Subclasses set `code`, `status` and `title` (Chinese, translatable)."""

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    title: ClassVar[str] = mark("请求无法完成")

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        """Keep the sentence about this occurrence (Chinese template) and its parameters."""
        super().__init__(detail or self.title)
        self.detail = detail
        self.members = members

    def sentence(self, translate: Translate) -> str:
        """What happened, in the reader's language."""
        return translate(self.detail or self.title) % self.members


class NotSignedIn(Problem):
    """No session, or one that ended."""

    code = "auth.not_signed_in"
    status = 401
    title = mark("请先登录")


class SignInFailed(Problem):
    """Wrong name or password: never says which."""

    code = "auth.sign_in_failed"
    status = 401
    title = mark("用户名或密码不正确")


class SignInLocked(Problem):
    """Too many wrong passwords."""

    code = "auth.locked"
    status = 429
    title = mark("密码多次错误，账号已暂时锁定，请于 %(minutes)s 分钟后再试")


class NotAllowed(Problem):
    """Signed in, but this is another role's business."""

    code = "auth.not_allowed"
    status = 403
    title = mark("您没有进行此操作的权限")


class NotFound(Problem):
    """Not there, or not visible to this person: the answer is the same."""

    code = "not_found"
    status = 404
    title = mark("没有找到所要的内容")


class Invalid(Problem):
    """Fields with problems; `fields` holds them."""

    code = "invalid"
    status = 422
    title = mark("有内容需要更正")

    def __init__(self, *fields: "FieldProblem") -> None:
        """Keep the problems of the fields."""
        super().__init__()
        self.fields = fields


class Stale(Problem):
    """Somebody else was quicker."""

    code = "stale"
    status = 409
    title = mark("内容已被他人更改，请刷新后再试")


class Unavailable(Problem):
    """A part that Tepai needs does not answer just now."""

    code = "unavailable"
    status = 503
    title = mark("服务暂时不可用，请稍后再试；未提交的内容不会丢失")


# One sentence per code; its parameters are `label`, `value` and those of FieldProblem.expected.
FIELD_TEXTS: Mapping[str, str] = {
    "required": mark("“%(label)s”必须填写"),
    "unknown_field": mark("“%(field)s”不是此表单的字段"),
    "not_text": mark("“%(label)s”的值“%(value)s”应为文字"),
    "not_number": mark("“%(label)s”的值“%(value)s”应为数字"),
    "not_integer": mark("“%(label)s”的值“%(value)s”应为整数"),
    "not_boolean": mark("“%(label)s”的值“%(value)s”应为是或否"),
    "not_list": mark("“%(label)s”的值“%(value)s”应为列表"),
    "not_date": mark("“%(label)s”的值“%(value)s”应为日期，如 2026-05-31"),
    "not_id": mark("“%(label)s”的值“%(value)s”不是有效编号"),
    "too_small": mark("“%(label)s”的值 %(value)s 太小，最小为 %(minimum)s"),
    "too_large": mark("“%(label)s”的值 %(value)s 太大，最大为 %(maximum)s"),
    "too_short": mark("“%(label)s”太短，至少 %(minimum)s 个字"),
    "too_long": mark("“%(label)s”太长，最多 %(maximum)s 个字"),
    "too_few": mark("“%(label)s”至少选 %(minimum)s 项"),
    "too_many": mark("“%(label)s”最多选 %(maximum)s 项"),
    "repeated": mark("“%(label)s”中“%(value)s”重复"),
    "not_a_choice": mark("“%(label)s”的值“%(value)s”不在可选项中：%(choices)s"),
    "wrong_pattern": mark("“%(label)s”的值“%(value)s”格式不对，应如 %(example)s"),
    "in_future": mark("“%(label)s”的值 %(value)s 在将来，最晚为 %(maximum)s"),
    "too_long_ago": mark("“%(label)s”的值 %(value)s 太早，最早为 %(minimum)s"),
    "not_known": mark("“%(label)s”的值“%(value)s”在系统中不存在或不在您的服务范围内"),
    "taken": mark("“%(label)s”的值“%(value)s”已被使用，请换一个"),
    "not_time": mark("“%(label)s”的值“%(value)s”应为带时区的时间，如 %(example)s"),
    "wrong_kind": mark("“%(label)s”的值“%(value)s”种类不对，应为 %(expected_kind)s"),
    "none_served": mark("“%(label)s”：请至少填写一个农户或一个帮扶主体"),
    "not_together": mark(
        "“%(label)s”的值 %(value)s 与“%(other)s”的值 %(other_value)s 不符：%(rule)s"
    ),
    "not_stored": mark("“%(label)s”无法保存，请联系管理员（%(value)s）"),
    "stale_form": mark("表单版本 %(value)s 未知，当前版本为 %(expected_version)s，请先同步"),
}


def in_words(expected: Any, translate: Translate) -> Any:
    """A list of labels as one text in the reader's language; anything else as it is."""
    if isinstance(expected, list):
        return translate("、").join(translate(label) for label in expected)
    return expected


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with one field.

    Attributes
    ----------
    field : path of the field, as "households.2"
    code : key of `FIELD_TEXTS`
    value : what was given, shortened for display
    expected : what would be right: "minimum", "maximum", "choices", ...
    """

    field: str
    code: str
    value: Any = None
    expected: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def sentence(self, translate: Translate, label: str) -> str:
        """What is wrong and what would be right, in the reader's language."""
        shown = str(self.value)
        parameters = {
            **{key: in_words(value, translate) for key, value in self.expected.items()},
            "field": self.field,
            "label": label,
            "value": shown if len(shown) <= 60 else shown[:57] + "…",
        }
        return translate(FIELD_TEXTS[self.code]) % parameters

    def as_json(self, translate: Translate, label: str) -> dict[str, Any]:
        """The problem as sent, with its sentence under `message`."""
        return {**asdict(self), "message": self.sentence(translate, label)}
