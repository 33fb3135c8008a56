"""Browser scripts and fonts from the npm packages, each named; nothing else of them is served."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

from contracts.problems import NotFound

_ICONS = "@mdi/font/fonts/materialdesignicons-webfont.woff2"
_FILES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "echarts.js": "echarts/dist/echarts.min.js",
    "mdi/css/icons.css": "@mdi/font/css/materialdesignicons.min.css",
    "mdi/fonts/materialdesignicons-webfont.woff2": _ICONS,
}


def asset_router(folder: Path) -> APIRouter:
    """Routes under /assets."""
    router = APIRouter(prefix="/assets", include_in_schema=False)

    @router.get("/{name:path}")
    def read_asset(name: str) -> FileResponse:
        wanted = _FILES.get(name)
        if wanted is None or not (folder / wanted).is_file():
            raise NotFound
        return FileResponse(
            folder / wanted, headers={"Cache-Control": "public, max-age=31536000, immutable"}
        )

    return router
