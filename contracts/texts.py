"""Texts that people see: Chinese in the code, other languages in gettext catalogues.

The message id *is* the Chinese text. English stands in `<folder>/en/LC_MESSAGES/tepai.po`, one
folder `texts` per program; `./tepai` compiles it to the `.mo` that the standard library reads.
"""

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal, TypeGuard

from contracts.codes import ENGLISH_LABELS

Language = Literal["zh", "en"]
Translate = Callable[[str], str]

LANGUAGES: tuple[Language, ...] = ("zh", "en")
DEFAULT_LANGUAGE: Language = "zh"
DOMAIN = "tepai"
CONTRACT_TEXTS = Path(__file__).parent / "texts"


def mark(text: str) -> str:
    """The text itself: marks a constant for the catalogue, to be translated where it is shown."""
    return text


def is_language(tag: str) -> TypeGuard[Language]:
    """Whether the tag is a language that Tepai speaks."""
    return tag in LANGUAGES


def choose_language(accept_language: str | None) -> Language:
    """The first language of an Accept-Language header (RFC 9110 §12.5.4) that Tepai speaks."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate((accept_language or "").split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        wanted.append((-quality, place, tag.split("-")[0].split("_")[0].lower()))
    for _, _, tag in sorted(wanted):
        if is_language(tag):
            return tag
    return DEFAULT_LANGUAGE


@cache
def translator(language: Language, *folders: Path) -> Translate:
    """A function from Chinese text to text in the language.

    Parameters
    ----------
    folders
        `texts` folders, looked through in order; those of `contracts` come last by themselves.
    """
    if language == "zh":
        return mark
    chain: gettext.NullTranslations | None = None
    for folder in (*folders, CONTRACT_TEXTS):
        catalogue = gettext.translation(DOMAIN, str(folder), [language], fallback=True)
        if chain is None:
            chain = catalogue
        else:
            chain.add_fallback(catalogue)
    assert chain is not None  # noqa: S101 - the tuple above is never empty
    look_up = chain.gettext

    def translate(text: str) -> str:
        found = look_up(text)
        return ENGLISH_LABELS.get(text, found) if found == text else found

    return translate
