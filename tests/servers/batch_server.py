"""A model goes in, a provider with files and batches on loopback comes out, whose batches end as the test says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.servers.loopback import Request, Response
from tests.servers.openai_server import JSON, failure


@dataclass
class Provider:
    """``answer`` gives the completion to a request; ``ending`` is the status that open batches take when they are looked at."""

    answer: Callable[[Request], Response]
    ending: str = "completed"
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    direct: int = 0
    answered: list[str] = field(default_factory=list)
    fails: Callable[[Request], Response | None] = lambda _: None
    skip: Callable[[int], bool] = lambda _: False
    """Which requests of a batch are not answered."""

    def __call__(self, request: Request) -> Response:
        if broken := self.fails(request):
            return broken
        path = request.path.split("?")[0]
        if path == "/v1/chat/completions":
            self.direct += 1
            return self.answer(request)
        if path == "/v1/files":
            return self._upload(request)
        if path == "/v1/batches":
            return self._create(request) if request.method == "POST" else self._list()
        _, _, kind, name, *_ = [*path.split("/"), ""]
        return self._look(name) if kind == "batches" else self._content(name)

    def _content(self, name: str) -> Response:
        data = self.files.get(name)
        return Response(200, data) if data is not None else failure(404, "no such file")

    def _upload(self, request: Request) -> Response:
        boundary = request.headers["content-type"].split("boundary=")[1].encode()
        part = next(p for p in request.body.split(b"--" + boundary) if b'name="file"' in p)
        name = f"file-{len(self.files)}"
        self.files[name] = part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n")
        return _json(
            {
                "id": name,
                "object": "file",
                "bytes": 1,
                "created_at": 1,
                "filename": "b.jsonl",
                "purpose": "batch",
                "status": "processed",
            }
        )

    def _create(self, request: Request) -> Response:
        asked = json.loads(request.body)
        name = f"batch_{len(self.batches)}"
        self.batches[name] = {
            "id": name, "object": "batch", "endpoint": asked["endpoint"], "input_file_id": asked["input_file_id"],
            "completion_window": "24h", "status": "in_progress", "created_at": 1, "metadata": asked.get("metadata"),
        }  # fmt: skip
        return _json(self.batches[name])

    def _list(self) -> Response:
        return _json({"object": "list", "data": list(self.batches.values()), "has_more": False})

    def _look(self, name: str) -> Response:
        batch = self.batches.get(name)
        if batch is None:
            return failure(404, "no such batch")
        if batch["status"] == "in_progress" and self.ending != "in_progress":
            self._end(batch)
        return _json(batch)

    def _end(self, batch: dict[str, Any]) -> None:
        batch["status"] = self.ending
        if self.ending == "failed":
            batch["errors"] = {"object": "list", "data": [{"code": "x", "message": "the file is malformed"}]}
            return
        output: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for number, line in enumerate(self.files[batch["input_file_id"]].splitlines()):
            asked = json.loads(line)
            reply = self.answer(Request("POST", asked["url"], {}, json.dumps(asked["body"]).encode()))
            body = json.loads(reply.body)
            record = {
                "id": f"r{number}",
                "custom_id": asked["custom_id"],
                "response": {"status_code": reply.status, "body": body},
                "error": None,
            }
            if self.skip(number):
                record |= {"response": None, "error": {"code": "batch_expired", "message": "it ran out of time"}}
            (output if record["response"] and reply.status == 200 else errors).append(record)
            self.answered.append(asked["custom_id"])
        for kind, records in (("output_file_id", output), ("error_file_id", errors)):
            if records:
                batch[kind] = f"{batch['id']}-{kind.split('_')[0]}"
                self.files[batch[kind]] = "".join(json.dumps(r) + "\n" for r in records).encode()


def _json(body: dict[str, Any]) -> Response:
    return Response(200, json.dumps(body).encode(), JSON)
