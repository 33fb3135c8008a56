"""The programs of the machine that Tepai uses beside its own, and where they come from."""

import ctypes.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contracts.texts import mark
from ops.embedded.broker import mosquitto_program

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")


@dataclass(frozen=True, slots=True)
class Tool:
    """One thing of the machine.

    Attributes
    ----------
    name : what people call it
    find : where it is, or None
    packages : Debian's packages of it
    purpose : what it is for, Chinese, translatable
    """

    name: str
    find: Callable[[], Path | None]
    packages: tuple[str, ...]
    purpose: str


def chromium_program() -> Path | None:
    """A browser of the Chromium family."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return Path(found)
    return None


def _program(name: str) -> Callable[[], Path | None]:
    def find() -> Path | None:
        found = shutil.which(name)
        return Path(found) if found else None

    return find


def _library(name: str) -> Callable[[], Path | None]:
    def find() -> Path | None:
        found = ctypes.util.find_library(name)
        return Path(found) if found else None

    return find


def _software_renderer() -> Path | None:
    """Mesa's swrast driver: without it a window on Xvfb has no OpenGL."""
    for folder in (Path("/usr/lib"), Path("/usr/lib64")):
        for pattern in ("*/dri/swrast_dri.so", "dri/swrast_dri.so", "*/libgallium-*.so"):
            if found := next(folder.glob(pattern), None):
                return found
    return None


def _chinese_font() -> Path | None:
    for folder in map(Path, _FONT_FOLDERS):
        if found := next(folder.rglob("NotoSansCJK*"), None):
            return found
    return None


MOSQUITTO = Tool("Mosquitto", mosquitto_program, ("mosquitto",), mark("接收传感器读数的消息服务"))
CHROMIUM = Tool("Chromium", chromium_program, ("chromium",), mark("测试网页"))
XVFB = Tool("Xvfb", _program("Xvfb"), ("xvfb",), mark("测试手机应用的窗口"))
XAUTH = Tool("xauth", _program("xauth"), ("xauth",), mark("测试手机应用的窗口"))
OPENGL = Tool("OpenGL", _library("GL"), ("libgl1",), mark("手机应用的窗口"))
RENDERER = Tool("Mesa", _software_renderer, ("libgl1-mesa-dri",), mark("测试手机应用的窗口"))
MTDEV = Tool("mtdev", _library("mtdev"), ("libmtdev1",), mark("手机应用的窗口"))
CHINESE_FONT = Tool("Noto Sans CJK", _chinese_font, ("fonts-noto-cjk",), mark("网页截图中的汉字"))

TEST_TOOLS = (MOSQUITTO, CHROMIUM, XVFB, XAUTH, OPENGL, RENDERER, MTDEV, CHINESE_FONT)


def missing(tools: tuple[Tool, ...] = TEST_TOOLS) -> list[Tool]:
    """Those that the machine does not have."""
    return [tool for tool in tools if tool.find() is None]
