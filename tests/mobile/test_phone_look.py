"""What can be known about the looks without a window: contrast, characters, languages."""

import itertools
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from contracts import problems
from contracts.codes import CROPS, ORGANISATION_KINDS
from contracts.form_schema import load_catalogue
from mobile import icons
from mobile.icons import ICONS
from mobile.theme import LIGHT, contrast
from ops.texts import translations, used_texts

ROOT = Path(__file__).resolve().parents[2]
FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-sc"
ICON_FONT = ROOT / "node_modules" / "@mdi" / "font" / "fonts" / "materialdesignicons-webfont.ttf"

_INKS = ("text", "muted", "primary", "error", "warning", "good", "waiting")
_GROUNDS = ("background", "surface")


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *itertools.product(_INKS, _GROUNDS),
        ("on_primary", "primary"),
        ("on_primary", "primary_pressed"),
        ("surface", "text"),
        ("surface", "muted"),
        ("text", "soft"),
        ("text", "pressed"),
        ("muted", "soft"),
        ("muted", "pressed"),
        ("primary", "soft"),
        ("primary", "pressed"),
        ("error", "error_soft"),
        ("warning", "warning_soft"),
    ],
)
def test_words_stand_out_from_their_ground(ink: str, ground: str) -> None:
    assert contrast(getattr(LIGHT, ink), getattr(LIGHT, ground)) >= 4.5


def test_frames_of_boxes_stand_out() -> None:
    assert contrast(LIGHT.line, LIGHT.background) >= 3


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast((0, 0, 0, 1), (1, 1, 1, 1)) == pytest.approx(21)


def _catalogue_texts() -> set[str]:
    texts = set()
    for form in load_catalogue().values():
        texts |= set(form["title"].values())
        for field in form["fields"]:
            for member in ("label", "hint", "unit"):
                texts |= set(field.get(member, {}).values())
            for choice in field.get("choices", []):
                texts |= set(choice["label"].values())
    return texts


@pytest.mark.parametrize(
    "name", ["400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf"]
)
def test_font_has_every_character_that_the_app_shows(name: str) -> None:
    texts = _catalogue_texts() | used_texts("mobile") | set(problems.FIELD_TEXTS.values())
    texts |= {kind.title for kind in problems.Problem.__subclasses__()}
    texts |= {
        text for codes_ in (CROPS, ORGANISATION_KINDS) for pair in codes_.values() for text in pair
    }
    texts |= set(translations("mobile", "en").values())
    shown = {character for text in texts for character in text if character.isprintable()}
    with TTFont(FONTS / name) as font:
        missing = sorted(shown - {chr(code) for code in font.getBestCmap()})
    assert not missing


def test_icon_font_has_every_icon_under_its_name() -> None:
    css = (ICON_FONT.parents[1] / "css" / "materialdesignicons.css").read_text(encoding="utf-8")
    named = re.findall(r'\.mdi-([a-z0-9-]+)::before \{\s*content: "\\([0-9A-F]+)"', css)
    assert {name: chr(int(code, 16)) for name, code in named if name in ICONS} == ICONS
    with TTFont(ICON_FONT) as font:
        assert set(map(ord, ICONS.values())) <= set(font.getBestCmap())


def test_every_form_has_an_icon() -> None:
    assert {form["icon"] for form in load_catalogue().values()} <= set(ICONS)
    assert icons.icon("no such icon") == ICONS["file-document-outline"]
