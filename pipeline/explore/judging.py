"""The page that takes a judgement.

Only a form of this run's own pages is heard: there are two secrets, one in a cookie that no other site can send along
(SameSite), one in the form; and the request must say that it comes from here.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from pipeline import corpus
from pipeline.errors import ReviewError
from pipeline.explore.filters import address
from pipeline.explore.verdicts import LONGEST, Judgement, Verdicts

COOKIE = "doselore_explore"
_MOST = 200_000  # bytes of a form: a claim holds a quote


@dataclass(frozen=True, slots=True)
class Run:
    """The secrets of one run. in_cookie, in_form: both are needed. reviewer: under which name judgements are kept."""

    reviewer: str
    in_cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    in_form: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def refusal(self, request: Request, form: dict[str, str]) -> str | None:
        """Say why a form is not heard, None if it is."""
        origin = request.headers.get("origin")
        if origin is not None and origin != f"http://{request.headers.get('host')}":
            return "it was sent by another site"
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return "it was sent by another site"
        given = (request.cookies.get(COOKIE, ""), form.get("token", ""))
        wanted = (self.in_cookie, self.in_form)
        if not all(secrets.compare_digest(a.encode(), b.encode()) for a, b in zip(given, wanted, strict=True)):
            return "its page is of an earlier run of the explorer; load the post again"
        return None


def add(app: FastAPI, site: Any, run: Run, verdicts: Verdicts) -> None:
    """Add the address that takes judgements. site: gives pages (see app.Explorer)."""

    @app.post("/judge")
    async def judge(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _MOST:
                return await run_in_threadpool(site.trouble, 413, "Too long", "A judgement has 200,000 bytes at most.")
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        return await run_in_threadpool(_taken, site, run, verdicts, request, form)


def _taken(site: Any, run: Run, verdicts: Verdicts, request: Request, form: dict[str, str]) -> Response:
    if not site.internal:
        return site.closed()
    why = run.refusal(request, form)
    if why:
        return site.trouble(403, "The judgement was not taken", f"Nothing was written: {why}.")
    reason = ": ".join(part for part in (form.get("reason", ""), form.get("words", "").strip()) if part)[:LONGEST]
    verdict = form.get("verdict", "")
    try:
        one = Judgement(
            **{name: form.get(name, "") for name in ("item", "post_id", "text_hash", "field", "claim")},
            verdict=verdict,
            reason="" if verdict == "right" else reason.replace("\0", ""),
            reviewer=run.reviewer,
            at=corpus.now().isoformat(),
        )
    except ReviewError as error:
        return site.trouble(400, "The judgement was not taken", f"Nothing was written: {error}.")
    if verdicts.give(one):
        there = address("/post", {"id": one.post_id, "judged": one.item}) + f"#c-{one.item}"
        return RedirectResponse(there, 303)
    return site.page("waiting.html", 202, post_id=one.post_id, one=one)
