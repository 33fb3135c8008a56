from contracts.rejections import rejection_sentence
from contracts.texts import translator

ZH, EN = translator("zh"), translator("en")


def sentence(code: str, place: str = "", **parameters: object) -> tuple[str, str]:
    detail = {"code": code, "parameters": parameters, "place": place}
    return rejection_sentence(detail, ZH), rejection_sentence(detail, EN)


def test_quantities_are_named_and_units_written_as_people_write_them() -> None:
    assert sentence(
        "value_outside_range", "readings[3]",
        quantity="air_temperature", given=1200.0, unit="Cel", lowest=-60, highest=80,
    ) == (
        "readings[3]：气温 1200 °C 超出物理范围，应在 -60 至 80 °C 之间",
        "readings[3]: Air temperature of 1200 °C is physically impossible; want -60 to 80 °C",
    )  # fmt: skip


def test_lists_are_joined_as_the_language_does_and_an_empty_one_is_said() -> None:
    chinese, english = sentence("unknown_sensor", given='"t"', known=["a", "b"])
    assert chinese.endswith("它有：a、b")
    assert english.endswith("it has: a, b")
    chinese, english = sentence("unknown_device", given='"d"', station="s", known=[])
    assert chinese.endswith("在用的有：无")
    assert english.endswith("in use there: none")


def test_spans_are_told_in_the_unit_that_fits() -> None:
    told = [
        sentence("time_too_old", given="1", ago_s=seconds, most_s=63_244_800)
        for seconds in (360, 7200, 172_800, 63_244_800 + 86_400, 788_918_400)
    ]
    spans = ["6 min", "2 h", "2 days", "733 days", "25 years"]
    assert [english for _, english in told] == [
        f"time is 1, which is {span} ago; want at most 732 days" for span in spans
    ]
    assert told[0][0] == "time 的值 1 是 6 分钟前，最多可早 732 天"


def test_instants_are_told_in_the_time_of_the_country() -> None:
    instant = "2026-11-23T08:00:00.500000+00:00"
    chinese, english = sentence(
        "value_conflicts", sensor="air", measured_at=instant, given=2.5, kept=0.0
    )
    assert "air 在 2026-11-23T16:00:00.500000+08:00 的值又报为 2.5，而已存的是 0；" in chinese
    assert "is given as 2.5, but 0 is kept" in english


def test_what_another_version_stored_is_shown_plainly() -> None:
    assert (
        sentence("newer_code", "[1]", given="x", most=3)[1] == "[1]: newer_code (given=x, most=3)"
    )
    assert sentence("value_not_number") == ("value_not_number", "value_not_number")
    assert (
        sentence("time_too_old", given="1", ago_s=None)[1] == "time_too_old (given=1, ago_s=None)"
    )
    assert rejection_sentence({}, EN) == ""
    assert rejection_sentence({"code": "array_empty", "parameters": 3}, ZH).startswith("数组是空的")


def test_nothing_given_can_turn_the_page_around() -> None:
    assert "\u202e" not in sentence("value_not_number", given='"\u202eabc"')[0]
