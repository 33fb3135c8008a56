"""amqtt as a program of its own: `python -m ops.embedded.amqtt_broker PORT`; ends on SIGTERM."""

import asyncio
import logging
import signal
import sys

from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig


async def serve(port: int) -> None:
    """Serve anonymous clients on the loopback port until SIGTERM or SIGINT."""
    config = BrokerConfig(
        listeners={"default": ListenerConfig(bind=f"127.0.0.1:{port}")},
        plugins={"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    )
    asked_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_end.set)
    broker = Broker(config)
    await broker.start()
    print(f"ready on 127.0.0.1:{port}", flush=True)
    await asked_to_end.wait()
    await broker.shutdown()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    asyncio.run(serve(int(sys.argv[1])))
