"""A node that replays recorded answers: what the program itself said, status, media type and body."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nodes.fake_node import FakeNode, Made, Reply, Seen


def replay(
    node: FakeNode, folder: Path, choose: Callable[[Mapping[str, Any]], bool], accept: str = "text/turtle"
) -> None:
    """Lay out the recorded GETs for a media type, without a login, that `choose` takes; later ones replace earlier."""
    for path in sorted(folder.glob("[0-9][0-9][0-9].json")):
        exchange = json.loads(path.read_text("utf-8"))
        if _asks_for(accept, exchange["request"]) and choose(exchange):
            node.routes[exchange["request"]["path"]] = _reply(node, folder, exchange)


def replay_api(node: FakeNode, folder: Path, prefix: str) -> None:
    """Lay out what is recorded of an API below a path, for JSON: by GET and by POST, the first answer to each."""
    replies: dict[tuple[str, str], Reply] = {}
    for path in sorted(folder.glob("[0-9][0-9][0-9].json")):
        exchange = json.loads(path.read_text("utf-8"))
        asked = exchange["request"]
        if asked["path"].startswith(prefix) and asked["headers"].get("Accept") == "application/json":
            replies.setdefault((asked["method"], asked["path"]), _reply(node, folder, exchange))
    for path in {path for _, path in replies}:

        def answer(seen: Seen, path: str = path) -> Reply:
            return replies["POST" if "Content-Type" in seen.headers else "GET", path]

        node.behave(path, Made(answer))


def _asks_for(accept: str, request: Mapping[str, Any]) -> bool:
    return request["method"] == "GET" and request["headers"] == {"Accept": accept}


def _reply(node: FakeNode, folder: Path, exchange: Mapping[str, Any]) -> Reply:
    def here(data: bytes) -> bytes:
        return data.replace(exchange["base"].encode(), node.base.encode())

    body = (folder / exchange["body_file"]).read_bytes() if exchange.get("body_file") else b""
    said = {name.lower(): str(value) for name, value in exchange["headers"].items()}
    headers = {name: here(said[name].encode()).decode() for name in ("link", "location") if name in said}
    return Reply(exchange["status"], here(body), said.get("content-type"), headers)
