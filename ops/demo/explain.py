"""What ended the demo, in words for the person at the keyboard."""

import errno
from pathlib import Path

import psycopg

from contracts.texts import Translate
from ops.demo.lock import AlreadyRunningError
from ops.demo.state import read_addresses_in
from ops.demo.supervise import GaveUpError
from ops.embedded.postgres import ClusterError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def explain(error: Exception, folder: Path, translate: Translate) -> str:
    """One or more lines: what happened, where, and what to do."""
    if isinstance(error, AlreadyRunningError):
        return _already_running(error, translate)
    if isinstance(error, GaveUpError):
        words = {"name": error.name, "lines": "\n".join(error.last_words)}
        return translate("%(name)s 多次无法启动，演示已停止。它最后的日志：\n%(lines)s") % words
    if _is_full(error):
        return translate("磁盘空间不足：请在 %(folder)s 所在的磁盘上腾出空间，再运行一次") % {
            "folder": folder
        }
    if isinstance(error, OSError) and error.errno in _CLOSED:
        return translate(
            "没有写入权限：%(path)s。请以该文件夹的所有者运行，或用 TEPAI_HOME 指定另一个文件夹"
        ) % {"path": error.filename or folder}
    if isinstance(error, (ClusterError, psycopg.Error)):
        return translate("数据库出错：%(reason)s") % {"reason": str(error).strip()}
    return translate("演示无法运行：%(reason)s") % {"reason": str(error).strip()}


def _already_running(error: AlreadyRunningError, translate: Translate) -> str:
    running = read_addresses_in(error.folder)
    if running is None:
        return translate("演示正在启动或停止中（进程 %(pid)s）") % {"pid": error.pid}
    return translate("演示已在运行：%(web)s(进程 %(pid)s)") % {
        "web": running.web,
        "pid": error.pid,
    }


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return isinstance(error, psycopg.errors.DiskFull) or "No space left on device" in str(error)
