import signal
import threading

import pytest

from contracts.stopping import stop_on_signals, told_to_stop


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_waiting_stops_the_program(number: signal.Signals) -> None:
    stopping = threading.Event()
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    stop_on_signals(stopping)
    try:
        with stopping._cond:  # as inside wait(), at the moment that used to hang
            signal.raise_signal(number)
        assert stopping.wait(5)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def test_waiting_ends_with_the_event_or_the_time() -> None:
    stopping = threading.Event()
    assert not told_to_stop(stopping, 0.01)
    assert not told_to_stop(stopping, -1)
    threading.Timer(0.02, stopping.set).start()
    assert told_to_stop(stopping, 60)
    assert told_to_stop(stopping)
