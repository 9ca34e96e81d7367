"""The web application of the explorer: addresses, and what every answer must carry.

Nothing that a stranger wrote can run: pages are escaped by Jinja2, the content security policy allows our own files
alone and no script within a page. Only requests for a loopback name are answered, so that no site of the web can reach
the explorer by naming its own address 127.0.0.1 (DNS rebinding).
"""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from pipeline.errors import DoseloreError, Locked
from pipeline.explore import ask, behind, judging, overview, pages, verdicts
from pipeline.explore import filters as narrowing
from pipeline.explore.behind import told
from pipeline.home import Home
from pipeline.study import Study

FILES = {"style.css": "text/css", "explore.js": "text/javascript", "icon.svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HOST = re.compile(r"(127\.0\.0\.1|localhost)(:\d{1,5})?")


class Explorer:
    """What the pages share. home: of the corpus; study: its level of privacy decides what is shown."""

    def __init__(self, home: Home, study: Study, reviewer: str) -> None:
        self.home = home
        self.run = judging.Run(reviewer)
        self.verdicts = verdicts.Verdicts(home)
        self.study = study
        self.reader = ask.Reader(home)

    def page(self, template: str, status: int = 200, **parts: Any) -> HTMLResponse:
        """Give a page."""
        common = {"study": self.study, "level": self.study.privacy.level}
        return HTMLResponse(pages.templates().get_template(template).render(**common, **parts), status)

    def trouble(self, status: int, title: str, words: str) -> HTMLResponse:
        """Give a page that says what is wrong and what to do."""
        return self.page("trouble.html", status, title=title, words=words)

    def closed(self) -> HTMLResponse:
        """Give the page that stands for what the study's level of privacy does not show."""
        level = self.study.privacy.level
        words = f'This study is shown at the level "{level}": neither single posts nor their words are. '
        return self.trouble(403, "Not shown at this level", words + "The study file sets it, [privacy] level.")

    @property
    def internal(self) -> bool:
        """Whether single posts and their words may be shown."""
        return self.study.privacy.level == "internal"


def make(home: Home, study: Study, reviewer: str = "explorer") -> FastAPI:
    """Give the web application for one corpus. reviewer: the name under which judgements are kept."""
    site = Explorer(home, study, reviewer)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncGenerator[None]:
        await run_in_threadpool(site.verdicts.merge, 0.0)  # what an earlier run left waiting
        yield
        await run_in_threadpool(site.verdicts.stop)

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=life)

    @app.middleware("http")
    async def guard(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:  # pyright: ignore[reportUnusedFunction]
        if not _HOST.fullmatch(request.headers.get("host", "")):
            answer: Response = Response("this explorer answers on 127.0.0.1 only\n", 421, media_type="text/plain")
        else:
            try:
                answer = await call(request)
            except DoseloreError as error:
                answer = await run_in_threadpool(_error, site, error)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer

    _add_files(app)
    _add_pages(app, site)
    judging.add(app, site, site.run, site.verdicts)
    return app


def _error(site: Explorer, error: DoseloreError) -> Response:
    if isinstance(error, Locked):
        return site.trouble(
            503, "The corpus is being written", f"{error}. This page answers as soon as it is free: load it again."
        )
    return site.trouble(500, "This cannot be shown", str(error))


def _add_files(app: FastAPI) -> None:
    @app.get("/static/{name}")
    def file(name: str) -> Response:  # pyright: ignore[reportUnusedFunction]
        if name == "widths.css":
            return Response(pages.widths(), media_type="text/css")
        if name not in FILES:
            return Response("no such file\n", 404, media_type="text/plain")
        return Response((pages.HERE / "static" / name).read_bytes(), media_type=FILES[name])


def _add_pages(app: FastAPI, site: Explorer) -> None:
    @app.get("/")
    def front(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]
        chosen = narrowing.filters(request.query_params)
        with site.reader.asking() as con:
            ask.rows(con, "selected", chosen.parameters())
            total = ask.rows(con, "totals")[0]
            facets = overview.facets(con, chosen)
            plots = overview.plots(con, chosen)
            invented = _invented(con)
        return site.page("overview.html", chosen=chosen, total=total, facets=facets, plots=plots, invented=invented)

    @app.get("/posts")
    def posts(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]
        query = request.query_params
        chosen, bar, page = narrowing.filters(query), narrowing.bar(query), narrowing.page(query)
        with site.reader.asking() as con:
            found = behind.posts(con, chosen, bar, page)
        here = {**dict(query), "page": None}
        return site.page("posts.html", chosen=chosen, bar=bar, page=page, found=found, here=here)

    @app.get("/post")
    def post(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]
        if not site.internal:
            return site.closed()
        post_id = request.query_params.get("id", "")
        with site.reader.asking() as con:
            found = behind.post(con, post_id)
            if found is None:
                return site.trouble(404, "No such post", "It may have been erased, or its address is not whole.")
            judged = verdicts.judged(con, post_id)
            claims = verdicts.of_post(con, post_id)
        answer = site.page(
            "post.html",
            post=found,
            claims=[(c, told(c.field, c.claim), judged.get(c.item, [])) for c in claims],
            token=site.run.in_form,
            reviewer=site.run.reviewer,
            reasons=verdicts.REASONS,
            now=request.query_params.get("judged", ""),
        )
        answer.set_cookie(judging.COOKIE, site.run.in_cookie, httponly=True, samesite="strict")
        return answer

    @app.get("/search")
    def search(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]
        if not site.internal:
            return site.closed()
        query = request.query_params.get("q", "").replace("\0", "")[: narrowing.LONGEST]
        page = narrowing.page(request.query_params)
        with site.reader.asking() as con:
            found = behind.search(con, query, page)
        return site.page("search.html", q=query, page=page, found=found, here={"q": query})


def _invented(con: Any) -> bool:
    row = con.execute("select count(*) > 0 and bool_and(invented) from source").fetchone()
    return bool(row and row[0])
