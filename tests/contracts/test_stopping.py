import signal
import threading

import pytest

from contracts.stopping import stop_on_signals


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
