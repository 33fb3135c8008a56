"""Messages that could not be kept as readings, as people may look at them."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.readings import RejectReason
from contracts.rejections import printable, rejection_sentence
from contracts.sql_files import beside
from contracts.texts import Translate, mark
from server.db.pool import DictConnection, rows

REASON_TEXTS: Mapping[str, str] = {
    RejectReason.BAD_TOPIC: mark("主题不符合规定"),
    RejectReason.MALFORMED: mark("消息格式不对"),
    RejectReason.TOO_LARGE: mark("消息过大"),
    RejectReason.UNKNOWN_DEVICE: mark("设备未登记"),
    RejectReason.UNKNOWN_SENSOR: mark("传感器未登记"),
    RejectReason.WRONG_UNIT: mark("单位不对"),
    RejectReason.NOT_A_NUMBER: mark("数值不是有效数字"),
    RejectReason.OUT_OF_RANGE: mark("数值超出物理范围"),
    RejectReason.BAD_TIME: mark("时间不对"),
    RejectReason.CONFLICTING_VALUE: mark("同一时刻已有不同数值"),
}
_SQL = beside(__file__)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many messages were rejected for one reason."""

    reason: str
    reason_text: str
    count: int


@dataclass(frozen=True, slots=True)
class RejectedMessage:
    """One rejected message.

    Attributes
    ----------
    detail_code : key of `contracts.rejections.REJECTION_TEXTS`
    detail : what was given and what would be right, a sentence in the reader's language
    payload_start : what its first 200 bytes say, made safe to show
    """

    id: int
    received_at: datetime
    topic: str
    reason: str
    reason_text: str
    detail_code: str
    detail: str
    sensor_code: str | None
    payload_bytes: int
    payload_start: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Counts by reason over all time, and the newest messages."""

    counts: list[ReasonCount]
    messages: list[RejectedMessage]


def read_rejected(
    connection: DictConnection,
    station_id: UUID | None,
    translate: Translate,
    *,
    before: int | None = None,
    most: int = 100,
) -> Rejected:
    """Rejected messages of a station, or those of no known station, as far as the actor may see."""
    counted = rows(connection, _SQL["count_rejected"], {"station_id": station_id})
    wanted = {"station_id": station_id, "before": before, "most": most}
    found = rows(connection, _SQL["select_rejected"], wanted)
    return Rejected(
        [ReasonCount(reason_text=reason_text(row["reason"], translate), **row) for row in counted],
        [
            RejectedMessage(
                **{
                    **row,
                    "payload_start": shown_bytes(row["payload_start"]),
                    "reason_text": reason_text(row["reason"], translate),
                    "detail_code": str(row["detail"].get("code", "")),
                    "detail": rejection_sentence(row["detail"], translate),
                }
            )
            for row in found
        ],
    )


def reason_text(reason: str, translate: Translate) -> str:
    """What a reason means; the code itself if it is newer than this program."""
    return translate(REASON_TEXTS[reason]) if reason in REASON_TEXTS else reason


def shown_bytes(payload: bytes) -> str:
    """Bytes as one line of text: what is no UTF-8, or not printable, stands as an escape.

    A character cut off at the end is left out.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
    return printable(decoder.decode(payload, final=False))
