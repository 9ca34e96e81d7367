"""A stand-in for Reddit's API on loopback: the endpoints and shapes a client meets, over a small invented world."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Node = dict[str, Any]


@dataclass
class Answer:
    """One answer to be given in place of the real one."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])
    kind: str = "application/json; charset=UTF-8"


@dataclass
class World:
    """What the site holds, how it is shown, and what goes wrong.

    shown: siblings shown before "more"; depth: levels shown before "continue this thread"; faults: path prefix to the
    answers given first, one a request; refused: subreddit to the status it answers with.
    """

    submissions: dict[str, Node] = field(default_factory=dict[str, Node])
    comments: dict[str, Node] = field(default_factory=dict[str, Node])
    shown: int = 50
    depth: int = 10
    page: int = 100
    faults: dict[str, list[Answer]] = field(default_factory=dict[str, list[Answer]])
    refused: dict[str, int] = field(default_factory=dict[str, int])
    remaining: str = "99.0"
    reset: str = "300"
    log: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    def submit(self, own_id: str, at: int, *, subreddit: str = "recovery", **more: Any) -> Node:
        """Add a submission."""
        node = {
            "id": own_id, "name": f"t3_{own_id}", "subreddit": subreddit, "author": f"starter_{own_id}",
            "title": f"Title of {own_id}", "selftext": f"Text of {own_id}", "created_utc": float(at), "edited": False,
            "num_comments": 0, "permalink": f"/r/{subreddit}/comments/{own_id}/title/", "is_self": True, "score": 3,
            "url": f"https://www.reddit.com/r/{subreddit}/comments/{own_id}/title/", "removed_by_category": None,
        }  # fmt: skip
        self.submissions[own_id] = {**node, **more}
        return self.submissions[own_id]

    def answer(self, own_id: str, to: str, at: int, **more: Any) -> Node:
        """Add a comment to a submission ("t3_…") or comment ("t1_…")."""
        link = to if to.startswith("t3_") else self.comments[to[3:]]["link_id"]
        thread = self.submissions[link[3:]]
        node = {
            "id": own_id, "name": f"t1_{own_id}", "link_id": link, "parent_id": to, "author": f"writer_{own_id}",
            "body": f"Words of {own_id}", "created_utc": float(at), "edited": False, "score": 1,
            "subreddit": thread["subreddit"], "permalink": f"{thread['permalink']}{own_id}/",
        }  # fmt: skip
        thread["num_comments"] += 1
        self.comments[own_id] = {**node, **more}
        return self.comments[own_id]

    def paths(self) -> list[str]:
        """Give the paths asked for, in order, without the token's."""
        return [path for _, path, _ in self.log if "access_token" not in path]

    # What each endpoint gives

    def listing(self, nodes: list[Node], kind: str, query: dict[str, str]) -> Node:
        nodes = sorted(nodes, key=lambda n: -n["created_utc"])
        start = next((i + 1 for i, n in enumerate(nodes) if n["name"] == query.get("after")), 0)
        count = min(int(query.get("limit", "25")), self.page)
        some = nodes[start : start + count]
        after = some[-1]["name"] if start + count < len(nodes) else None
        return _listing([{"kind": kind, "data": dict(n)} for n in some], after)

    def tree(self, parent: str, depth: int) -> Node | str:
        children = [n for n in self.comments.values() if n["parent_id"] == parent]
        if not children:
            return ""
        if depth <= 0:
            return _listing([_more(parent, [], continued=True)])
        shown = [self.node(c, depth) for c in children[: self.shown]]
        hidden = [c["id"] for c in children[self.shown :]]
        return _listing([*shown, *([_more(parent, hidden)] if hidden else [])])

    def node(self, comment: Node, depth: int) -> Node:
        return {"kind": "t1", "data": {**comment, "replies": self.tree(comment["name"], depth - 1)}}

    def thread(self, own_id: str, comment: str | None) -> list[Node]:
        top = _listing([{"kind": "t3", "data": dict(self.submissions[own_id])}])
        if comment:
            return [top, _listing([self.node(self.comments[comment], self.depth)])]
        forest = self.tree(f"t3_{own_id}", self.depth)
        return [top, forest if isinstance(forest, dict) else _listing([])]

    def children(self, names: list[str]) -> Node:
        things: list[Node] = []
        for name in names[: self.shown]:
            things.append({"kind": "t1", "data": {**self.comments[name], "replies": ""}})
            under = [c["id"] for c in self.comments.values() if c["parent_id"] == f"t1_{name}"]
            if under:
                things.append(_more(f"t1_{name}", under))
        if rest := names[self.shown :]:
            things.append(_more(self.comments[rest[0]]["parent_id"], rest))
        return {"json": {"errors": [], "data": {"things": things}}}

    def info(self, names: list[str]) -> Node:
        found: list[Node] = []
        for name in names:
            held = (self.submissions if name.startswith("t3_") else self.comments).get(name[3:])
            if held:
                found.append({"kind": name[:2], "data": dict(held)})
        return _listing(found)

    def route(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        parts = [p for p in path.split("/") if p]
        match parts:
            case ["api", "v1", "access_token"]:
                return 200, {"access_token": "-made-up", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
            case ["r", name, *_] if name in self.refused:
                return self.refused[name], {"message": "refused", "error": self.refused[name]}
            case ["r", name, "new"]:
                return 200, self.listing([s for s in self.submissions.values() if s["subreddit"] == name], "t3", query)
            case ["r", name, "comments"]:
                return 200, self.listing([c for c in self.comments.values() if c["subreddit"] == name], "t1", query)
            case ["r", name, "search"]:
                hits = [s for s in self.submissions.values() if s["subreddit"] == name and query["q"] in s["selftext"]]
                return 200, self.listing(hits, "t3", query)
            case ["comments", own_id]:
                return (200, self.thread(own_id, None)) if own_id in self.submissions else (404, {"error": 404})
            case ["comments", own_id, "_", comment]:
                return 200, self.thread(own_id, comment)
            case ["api", "morechildren"]:
                return 200, self.children(query["children"].split(","))
            case ["api", "info"]:
                return 200, self.info(query["id"].split(","))
            case _:
                return 404, {"message": "Not Found", "error": 404}


def _listing(children: list[Node], after: str | None = None) -> Node:
    return {"kind": "Listing", "data": {"modhash": "", "children": children, "after": after, "before": None}}


def _more(parent: str, children: list[str], *, continued: bool = False) -> Node:
    own = "_" if continued else children[0]
    count = 0 if continued else len(children)
    return {
        "kind": "more",
        "data": {"count": count, "parent_id": parent, "children": children, "name": f"t1_{own}", "id": own},
    }


@contextmanager
def served(world: World) -> Generator[str]:
    """Serve a world on loopback; gives the base address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve("")

        def do_POST(self) -> None:
            self._serve(self.rfile.read(int(self.headers.get("content-length", "0"))).decode())

        def _serve(self, body: str) -> None:
            parts = urlsplit(self.path)
            query = {k: v[0] for k, v in {**parse_qs(parts.query), **parse_qs(body)}.items()}
            world.log.append((self.command, self.path, self.headers.get("user-agent", "")))
            prepared = next((f for p, f in world.faults.items() if parts.path.startswith(p) and f), None)
            if prepared:
                answer = prepared.pop(0)
            else:
                status, made = world.route(parts.path, query)
                headers = {
                    "x-ratelimit-remaining": world.remaining,
                    "x-ratelimit-used": "1",
                    "x-ratelimit-reset": world.reset,
                }
                answer = Answer(status, json.dumps(made), headers)
            data = answer.body.encode()
            self.send_response(answer.status)
            for name, value in {"content-type": answer.kind, **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
