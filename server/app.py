"""The web application."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from server.assets import asset_router
from server.auth import api as auth_api
from server.auth import pages as auth_pages
from server.current import CurrentActor, CurrentDatabase
from server.db.pool import Database
from server.http_errors import add_error_handlers
from server.navigation import entries_for
from server.openapi import describe
from server.protection import Protection
from server.readings.exports import Exports
from server.readings.live_feed import LiveFeed
from server.settings import Settings

VERSION = "0.1.0"
# A domain without api.py or pages.py yet simply adds no route.
DOMAINS = ("records", "reviews", "people", "stations", "readings", "alerts", "totals", "admin")


def create_app(settings: Settings) -> FastAPI:
    """The application with an open pool; the pool closes with the application."""
    app = FastAPI(
        title="Tepai 特派",
        version=VERSION,
        description="Field service of tech correspondents: records, reviews, totals, readings.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings),
    )
    app.state.settings = settings
    app.state.live_feed = LiveFeed(settings.web_database)
    app.add_middleware(Protection)
    add_error_handlers(app)
    app.include_router(auth_api.router)
    app.include_router(auth_pages.router)
    for domain in DOMAINS:
        for router in _routers(domain):
            app.include_router(router)
    app.include_router(asset_router(settings.assets))
    app.include_router(_front)
    describe(app)
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")
    return app


def _lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.database = Database(settings.web_database)
        app.state.exports = Exports(settings.exports)
        yield
        app.state.exports.close()
        app.state.live_feed.close()
        app.state.database.close()

    return lifespan


def _routers(domain: str) -> list[APIRouter]:
    """Each domain folder has `api.py`, `pages.py` or both, and a `router` in them."""
    folder = Path(__file__).with_name(domain)
    return [
        import_module(f"server.{domain}.{part}").router
        for part in ("api", "pages")
        if (folder / f"{part}.py").exists()
    ]


_front = APIRouter(include_in_schema=False)


@_front.get("/")
def front_page(actor: CurrentActor) -> Response:
    """The first page that this person's menu has."""
    return RedirectResponse(entries_for(actor)[0].path, status_code=303)


@_front.get("/health")
def read_health(database: CurrentDatabase) -> dict[str, str]:
    """`{"status": "ok"}` once the database answers, else 503."""
    with database.unscoped_transaction():
        return {"status": "ok"}
