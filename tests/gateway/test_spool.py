"""The spool on a real disk: what it took it gives back, whatever happens to its last bytes."""

import resource
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.inbox import Message
from gateway.segment import MAGIC, framed
from gateway.spool import Spool, SpoolInUseError

MEGABYTE = 1024 * 1024


def message(number: int, length: int = 100) -> Message:
    payload = str(number).encode().ljust(length, b"x")
    return Message(f"tepai/v1/park/device-{number % 3}/telemetry", payload, length, 10**15 + number)


def drained(spool: Spool, most: int = 7) -> list[Message]:
    found: list[Message] = []
    while head := spool.head(most):
        found += head
        spool.forget_head()
    return found


def test_everything_comes_back_in_order_and_leaves_no_file(tmp_path: Path) -> None:
    sent = [message(number, 50 + number) for number in range(500)]
    spool = Spool(tmp_path, MEGABYTE, segment_bytes=4000)
    for start in range(0, 500, 20):
        assert spool.append(sent[start : start + 20]) == 20
    assert spool.oldest_us == sent[0].arrived_us
    assert len(list(tmp_path.glob("*.spool"))) > 5
    assert spool.bytes == sum(file.stat().st_size for file in tmp_path.glob("*.spool"))
    assert drained(spool) == sent
    assert (spool.messages, spool.bytes, spool.oldest_us) == (0, 0, None)
    assert list(tmp_path.glob("*.spool")) == []
    spool.close()


def test_appending_and_draining_may_alternate(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MEGABYTE, segment_bytes=1000)
    found: list[Message] = []
    for number in range(0, 300, 3):
        spool.append([message(number + one) for one in range(3)])
        found += spool.head(2)
        spool.forget_head()
    assert [*found, *drained(spool)] == [message(number) for number in range(300)]
    spool.close()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=12), st.data())
def test_a_crash_at_any_byte_costs_only_what_was_not_whole(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    sent = [message(number, length) for number, length in enumerate(lengths)]
    content = MAGIC + b"".join(map(framed, sent))
    cut = data.draw(st.integers(0, len(content)))
    tail = data.draw(st.sampled_from([b"", bytes(20), b"\xff" * 9]))
    (folder / "000000000001.spool").write_bytes(content[:cut] + tail)
    whole = [
        one
        for number, one in enumerate(sent)
        if cut >= len(MAGIC) + sum(map(len, map(framed, sent[: number + 1])))
    ]
    spool = Spool(folder, MEGABYTE)
    assert spool.messages == len(whole)
    more = message(99)
    assert spool.append([more]) == 1
    assert drained(spool) == [*whole, more]
    spool.close()
    shutil.rmtree(folder)


def test_what_was_read_but_not_committed_is_read_again_after_a_crash(tmp_path: Path) -> None:
    sent = [message(number) for number in range(30)]
    spool = Spool(tmp_path, MEGABYTE, segment_bytes=1500)
    spool.append(sent)
    spool.head(30)
    spool.close()  # without `forget_head`
    again = Spool(tmp_path, MEGABYTE)
    assert drained(again) == sent
    again.close()


def test_a_full_spool_takes_a_part_and_more_when_there_is_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 5000, segment_bytes=1000)
    sent = [message(number) for number in range(100)]
    taken = spool.append(sent)
    assert 20 < taken < 50
    assert spool.append(sent[taken:]) == 0
    assert spool.bytes <= 5000
    assert drained(spool) == sent[:taken]
    assert spool.append(sent[taken : taken + 5]) == 5
    assert drained(spool) == sent[taken : taken + 5]
    spool.close()


def test_a_disk_that_takes_no_more_costs_nothing_already_taken(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MEGABYTE)
    first, second = [message(1, 2000)], [message(number, 90_000) for number in range(2, 4)]
    spool.append(first)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        for _ in range(2):  # at the end of a file, and in a new one
            with pytest.raises(OSError, match="too large"):
                spool.append(second)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [file.stat().st_size for file in tmp_path.glob("*.spool")] == [spool.bytes]
    assert spool.append(second) == 2
    assert drained(spool) == first + second
    spool.close()


def test_damage_within_is_kept_for_people_and_stops_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MEGABYTE, segment_bytes=1000)
    sent = [message(number) for number in range(40)]
    spool.append(sent)
    spool.close()
    first = min(tmp_path.glob("*.spool"))
    content = bytearray(first.read_bytes())
    content[len(MAGIC) + 3 * len(framed(sent[0])) + 50] ^= 1
    first.write_bytes(content)
    again = Spool(tmp_path, MEGABYTE)
    found = drained(again)
    assert found[:3] == sent[:3]
    assert found[3:] == sent[-len(found) + 3 :]
    assert first.with_suffix(".damaged").read_bytes() == content
    again.close()


def test_two_gateways_never_share_a_folder(tmp_path: Path) -> None:
    spool = Spool(tmp_path, MEGABYTE)
    with pytest.raises(SpoolInUseError, match="another gateway"):
        Spool(tmp_path, MEGABYTE)
    spool.close()
    Spool(tmp_path, MEGABYTE).close()
