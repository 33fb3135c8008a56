"""The configuration that our Mosquitto runs with, each limit with its reason."""

import os
from pathlib import Path

_CONFIG = """\
# Written by Tepai at every start: changes made here are lost.
listener {port} 127.0.0.1
allow_anonymous true

# What is queued for the gateway outlives a restart of the broker.
persistence true
persistence_location {folder}/
autosave_interval 30

# The default of 20 messages under way cuts throughput to a third; 2000 does not.
max_inflight_messages 2000

# The default of 1000 silently drops what arrives while the gateway is away. No limit at all let a
# forgotten session grow to the machine's whole memory: hence these four together.
max_queued_messages 500000
max_queued_bytes 536870912
memory_limit 1073741824
persistent_client_expiration 7d

# A payload of 10 MB must reach the gateway, which keeps its beginning as rejected, counted and
# shown. A broker that refuses it would end the sender's connection and nobody would know why.
message_size_limit 16777216

log_dest stdout
log_type error
log_type warning
log_type notice
log_timestamp_format %Y-%m-%dT%H:%M:%S
connection_messages true
"""
# As root Mosquitto would turn into the user mosquitto, who may not write into our folder.
_AS_ROOT = "\n# Started by root: our files stay ours.\nuser root\n"


def config_text(folder: Path, port: int) -> str:
    """The whole file for a broker that keeps its store in `folder`."""
    text = _CONFIG.format(port=port, folder=folder)
    return text + (_AS_ROOT if os.name == "posix" and os.geteuid() == 0 else "")
