"""A park with one device, and the gateway as a real process beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.embedded.broker import Mosquitto
from ops.embedded.database import DatabaseAddresses, provide_database
from ops.embedded.postgres import Cluster
from tests.gateway.gateway_process import Gateways, Park, Publisher, end_session, register_park


@pytest.fixture
def park(database: DatabaseAddresses) -> Park:
    return register_park(database)


@pytest.fixture
def gateways(park: Park, broker: Mosquitto) -> Iterator[Gateways]:
    gateways = Gateways(park, broker.host, broker.port)
    yield gateways
    gateways.kill()
    end_session(broker, gateways.client_id)


@pytest.fixture
def publisher(broker: Mosquitto) -> Iterator[Publisher]:
    publisher = Publisher(broker.host, broker.port)
    yield publisher
    publisher.close()


@pytest.fixture
def own_cluster(cluster: Cluster, tmp_path: Path) -> Iterator[Cluster]:
    """A cluster to stop and start, which nobody else uses; in it the database `park`."""
    own = Cluster(tmp_path / "postgres", cluster.programs, {"fsync": "off"})
    own.start()
    try:
        provide_database(own, "park")
        yield own
    finally:
        own.remove()
