"""Where the server and the phone's data are: command line first, then environment."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.texts import LANGUAGES, Language, is_language

DEFAULT_SERVER = "http://127.0.0.1:8080"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the app is started with; a folder of None means the platform's own."""

    server: str = DEFAULT_SERVER
    folder: Path | None = None
    language: Language | None = None


def read_settings(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings; exits with a sentence if an argument is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m mobile", description="特派手机应用 / Tepai phone app"
    )
    parser.add_argument("--server", default=environ.get("TEPAI_SERVER", DEFAULT_SERVER))
    parser.add_argument("--folder", type=Path, default=environ.get("TEPAI_PHONE_FOLDER"))
    parser.add_argument("--language", choices=LANGUAGES)
    given = parser.parse_args(arguments)
    if not given.server.startswith(("http://", "https://")):
        parser.error(f"--server {given.server}: http://… / https://…")
    language = given.language
    return Settings(
        given.server,
        Path(given.folder) if given.folder else None,
        language if language is not None and is_language(language) else None,
    )
