"""Messages as framed records of a file that is only ever appended to.

A file begins with `MAGIC`. A record is the length of its body and the body's CRC-32 (both 32 bits,
little endian), then the body: time of arrival, size of the whole payload, length of the topic, the
topic, the payload. Whatever bytes a crash leaves at the end, the records before them stay readable.
"""

import os
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

from gateway.inbox import Message

MAGIC = b"TEPAI-SPOOL-1\n"
_FRAME = struct.Struct("<II")
_BODY = struct.Struct("<qIH")
# A topic takes at most 64 kB, what is kept of a payload 256 kB.
_LONGEST_BODY = 1024 * 1024


def framed(message: Message) -> bytes:
    """The record of one message."""
    topic = message.topic.encode(errors="surrogatepass")
    body = _BODY.pack(message.arrived_us, message.size, len(topic)) + topic + message.payload
    return _FRAME.pack(len(body), zlib.crc32(body)) + body


def read_message(file: BinaryIO) -> Message | None:
    """The next message; None, where the file ends or what follows is no sound record."""
    head = file.read(_FRAME.size)
    if len(head) < _FRAME.size:
        return None
    length, checksum = _FRAME.unpack(head)
    # Zeros, which a lost write may leave, are no record either: their length is too small.
    if not _BODY.size <= length <= _LONGEST_BODY:
        return None
    body = file.read(length)
    if len(body) < length or zlib.crc32(body) != checksum:
        return None
    arrived_us, size, topic_bytes = _BODY.unpack_from(body)
    payload_at = _BODY.size + topic_bytes
    try:
        topic = body[_BODY.size : payload_at].decode(errors="surrogatepass")
    except UnicodeDecodeError:
        return None
    return Message(topic, body[payload_at:], size, arrived_us)


def begins_well(file: BinaryIO) -> bool:
    """Whether the file, read from its start, is one of ours; it then stands at the first record."""
    return file.read(len(MAGIC)) == MAGIC


def write_durably(handle: int, content: bytes) -> None:
    """Append all of it and return when it is on the disk."""
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]
    os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Make names made or removed in the folder outlive a power cut."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
