"""A stand-in for a Lemmy server: the answers of its API that a reader asks for, over a small invented world."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

Node = dict[str, Any]


@dataclass
class Server:
    """posts, comments: views as the API gives them, by number. A number that is not there answers 404."""

    posts: dict[int, Node] = field(default_factory=dict[int, Node])
    comments: dict[int, Node] = field(default_factory=dict[int, Node])
    asked: list[str] = field(default_factory=list[str])

    def post(self, number: int, text: str) -> Node:
        """Add a post."""
        own = {"id": number, "name": f"Title {number}", "body": text, "removed": False, "deleted": False,
               "published": f"2024-03-01T10:{number:02}:00Z", "ap_id": f"https://lemmy.example/post/{number}"}  # fmt: skip
        creator = {"id": number, "name": f"writer{number}", "actor_id": f"https://lemmy.example/u/writer{number}"}
        self.posts[number] = {"post": own, "creator": creator, "community": {"id": 1, "name": "recovery"}, "counts": {}}
        return self.posts[number]["post"]

    def comment(self, number: int, on: int, text: str) -> Node:
        """Add a comment to a post."""
        own = {"id": number, "post_id": on, "content": text, "removed": False, "deleted": False, "path": f"0.{number}",
               "published": f"2024-03-01T11:{number:02}:00Z", "ap_id": f"https://lemmy.example/comment/{number}"}  # fmt: skip
        creator = {"id": number, "name": f"voice{number}", "actor_id": f"https://lemmy.example/u/voice{number}"}
        self.comments[number] = {**self.posts[on], "creator": creator, "comment": own}
        return self.comments[number]["comment"]

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        parts = urlsplit(str(request.url))
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        self.asked.append(str(request.url))
        page = int(query.get("page", "1"))
        match parts.path.removeprefix("/api/v3/"):
            case "post/list":
                return self._given({"posts": list(self.posts.values()) if page == 1 else []})
            case "comment/list":
                some = [
                    c for c in self.comments.values() if query.get("post_id") in (None, str(c["comment"]["post_id"]))
                ]
                return self._given({"comments": some if page == 1 else []})
            case "post" if int(query["id"]) in self.posts:
                return self._given({"post_view": self.posts[int(query["id"])]})
            case "comment" if int(query["id"]) in self.comments:
                return self._given({"comment_view": self.comments[int(query["id"])]})
            case "":
                return httpx.Response(200, text="a server")
            case _:
                return httpx.Response(404, json={"error": "not_found"})

    def _given(self, held: Node) -> httpx.Response:
        return httpx.Response(200, content=json.dumps(held), headers={"content-type": "application/json"})
