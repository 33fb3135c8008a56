"""The inbox makes its filler wait; it drops nothing and holds no more than it may."""

import threading

from gateway.inbox import Inbox, Message
from tests.gateway.gateway_process import wait_until


def message(number: int, size: int = 10) -> Message:
    return Message("t", b"x" * size, size, number)


def filler(inbox: Inbox, count: int, size: int = 10) -> tuple[threading.Thread, list[bool]]:
    taken: list[bool] = []
    thread = threading.Thread(
        target=lambda: taken.extend(inbox.put(message(n, size)) for n in range(count))
    )
    thread.start()
    return thread, taken


def test_filler_waits_at_the_bound_of_messages_and_order_is_kept() -> None:
    inbox = Inbox(max_messages=5, max_bytes=10_000)
    thread, _ = filler(inbox, 12)
    wait_until(lambda: len(inbox) == 5, "a full inbox")
    found: list[int] = []
    while len(found) < 12:
        assert len(inbox) <= 5
        found += [one.arrived_us for one in inbox.take(3, 0)]
    thread.join(5)
    assert found == list(range(12))


def test_filler_waits_at_the_bound_of_bytes() -> None:
    inbox = Inbox(max_messages=1000, max_bytes=100)
    thread, _ = filler(inbox, 12, size=40)
    wait_until(lambda: len(inbox) == 3, "a full inbox")  # the third reaches the bound
    thread.join(0.05)
    assert len(inbox) == 3
    inbox.take(1000, 0)
    wait_until(lambda: len(inbox) == 3, "a full inbox again")
    inbox.close()
    thread.join(5)
    assert not thread.is_alive()


def test_a_message_above_the_bound_passes_through_an_empty_inbox() -> None:
    inbox = Inbox(max_messages=5, max_bytes=100)
    assert inbox.put(message(1, size=5000))
    assert [one.size for one in inbox.take(5, 0)] == [5000]


def test_closing_lets_everyone_go_and_takes_nothing_more() -> None:
    inbox = Inbox(max_messages=1, max_bytes=1000)
    thread, taken = filler(inbox, 2)
    wait_until(lambda: len(inbox) == 1, "a full inbox")
    inbox.close()
    thread.join(5)
    assert taken == [True, False]
    assert inbox.take(5, 0) == []
