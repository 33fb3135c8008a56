from uuid import RFC_4122

from contracts.ids import id_time_ms, new_id


def test_new_id_is_a_version_7_uuid_that_carries_its_moment() -> None:
    made = new_id(1_645_557_742_000)  # the time of RFC 9562's example
    assert made.version == 7
    assert made.variant == RFC_4122
    assert id_time_ms(made) == 1_645_557_742_000
    assert str(made).startswith("017f22e2-79b0-7")


def test_ids_of_one_millisecond_differ() -> None:
    assert len({new_id(1) for _ in range(10_000)}) == 10_000
