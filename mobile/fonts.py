"""The app's fonts: Noto Sans SC for every text, Material Design Icons for signs."""

import os
from collections.abc import Iterator
from pathlib import Path

from kivy.core.text import LabelBase
from kivy.logger import Logger

REGULAR = "NotoSansSC_400Regular.ttf"
BOLD = "NotoSansSC_700Bold.ttf"
ICONS = "materialdesignicons-webfont.ttf"

_BESIDE = Path(__file__).with_name("fonts")
_MODULES = Path(__file__).resolve().parents[1] / "node_modules"


def font_file(name: str) -> Path | None:
    """Where a font file is: in TEPAI_FONTS, beside the app, or among the npm packages."""
    return next((path for path in _places(name) if path.is_file()), None)


def _places(name: str) -> Iterator[Path]:
    if folder := os.environ.get("TEPAI_FONTS"):
        yield Path(folder) / name
    yield _BESIDE / name
    weight = name.partition("_")[2].removesuffix(".ttf")
    yield _MODULES / "@expo-google-fonts" / "noto-sans-sc" / weight / name
    yield _MODULES / "@mdi" / "font" / "fonts" / name


def register_fonts() -> list[str]:
    """Make every Label and TextInput use the fonts; the names of files that are missing."""
    regular, bold, icons = (font_file(name) for name in (REGULAR, BOLD, ICONS))
    if regular is not None:
        strong = str(bold or regular)
        # Kivy's default font is named Roboto: whoever names no font gets this one.
        LabelBase.register("Roboto", str(regular), fn_bold=strong, fn_bolditalic=strong)
    LabelBase.register("Icons", str(icons or regular or _kivy_default()))
    found = zip((REGULAR, BOLD, ICONS), (regular, bold, icons), strict=True)
    missing = [name for name, path in found if path is None]
    for name in missing:
        Logger.error(
            "Fonts: %s not found; set TEPAI_FONTS to the folder that holds it. "
            "Until then some characters show as boxes.",
            name,
        )
    return missing


def _kivy_default() -> str:
    from kivy.resources import resource_find

    return str(resource_find("data/fonts/Roboto-Regular.ttf"))
