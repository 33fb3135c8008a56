"""Both languages are complete: every text in use has its English, with the same parameters."""

import re

import pytest

from ops.texts import PACKAGES, translations, used_texts

_PARAMETER = re.compile(r"%\(([A-Za-z_]\w*)\)[-+ 0-9.]*[sdfgr]", re.ASCII)
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_used_text_has_english(package: str) -> None:
    known = translations("contracts", "en") | translations(package, "en")
    missing = sorted(text for text in used_texts(package) if not known.get(text))
    assert not missing, f"{package}/texts/en/LC_MESSAGES/tepai.po lacks: {missing}"


@pytest.mark.parametrize("package", PACKAGES)
def test_translation_has_the_same_parameters_and_no_chinese(package: str) -> None:
    for chinese, english in translations(package, "en").items():
        assert set(_PARAMETER.findall(chinese)) == set(_PARAMETER.findall(english)), chinese
        assert not _CHINESE.search(english), english


def test_contract_texts_are_found_by_the_scan() -> None:
    used = used_texts("contracts")
    assert {"请先登录", "气温", "带动农户"} <= used
    assert len(used) > 80
