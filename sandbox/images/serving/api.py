"""OpenAI's HTTP API, as much of it as vLLM and the sandbox share."""

from __future__ import annotations

import json
import logging
import time
import uuid
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from .arguments import Arguments
from .model import Completion, Model, Sampling, TooLong

COMPLETION_TOKENS = 16

logger = logging.getLogger("serving")


class Refused(Exception):
    """An answer other than 200, in vLLM's form."""

    def __init__(self, status: HTTPStatus, kind: str, message: str, parameter: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"message": message, "type": kind, "param": parameter, "code": int(status)}}


class Api:
    def __init__(self, arguments: Arguments, model: Model) -> None:
        self._base = arguments.served_name
        self._root = arguments.model
        self._adapters = {adapter.name: adapter.path for adapter in arguments.adapters}
        self._model = model
        self._created = int(time.time())

    def models(self) -> dict[str, Any]:
        base = self._card(self._base, self._root, None) | {"max_model_len": self._model.length}
        adapters = [self._card(name, path, self._base) for name, path in self._adapters.items()]
        return {"object": "list", "data": [base, *adapters]}

    def completions(self, request: dict[str, Any]) -> dict[str, Any]:
        prompts = request.get("prompt")
        if isinstance(prompts, str):
            prompts = [prompts]
        if not isinstance(prompts, list) or not all(isinstance(prompt, str) for prompt in prompts):
            raise _bad("prompt must be a string or a list of strings", "prompt")
        adapter = self._adapter(request)
        done = []
        for prompt in prompts:
            tokens = self._model.encode(prompt)
            done.append(self._model.complete(tokens, adapter, self._sampling(request, COMPLETION_TOKENS)))
        choices = [
            {"index": index, "text": one.text, "logprobs": None, "finish_reason": one.finish_reason}
            for index, one in enumerate(done)
        ]
        return self._answer("cmpl", "text_completion", request, choices, done)

    def chat_completions(self, request: dict[str, Any]) -> dict[str, Any]:
        messages = request.get("messages")
        if not isinstance(messages, list) or not messages or not all(_is_message(message) for message in messages):
            raise _bad("messages must be a list of objects with role and content as text", "messages")
        adapter = self._adapter(request)
        tokens = self._model.encode_chat(messages)
        one = self._model.complete(tokens, adapter, self._sampling(request, max(1, self._model.length - len(tokens))))
        message = {"role": "assistant", "content": one.text}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": one.finish_reason}
        return self._answer("chatcmpl", "chat.completion", request, [choice], [one])

    def _adapter(self, request: dict[str, Any]) -> str | None:
        name = request.get("model", self._base)
        if name == self._base:
            return None
        if name not in self._adapters:
            raise Refused(HTTPStatus.NOT_FOUND, "NotFoundError", f"The model `{name}` does not exist.", "model")
        return name

    def _sampling(self, request: dict[str, Any], most: int) -> Sampling:
        if request.get("stream") or request.get("n", 1) != 1:
            raise _bad("this stand-in for vLLM neither streams nor gives several answers", "stream")
        stop = request.get("stop") or ()
        try:
            sampling = Sampling(
                max_tokens=int(request.get("max_completion_tokens") or request.get("max_tokens") or most),
                # Greedy unless asked otherwise, so that an example gives the same answer each time.
                temperature=float(request.get("temperature") or 0),
                top_p=float(request.get("top_p") or 1),
                seed=None if request.get("seed") is None else int(request["seed"]),
                stop=(stop,) if isinstance(stop, str) else tuple(stop),
            )
        except (TypeError, ValueError) as error:
            raise _bad(str(error), None) from error
        if sampling.max_tokens < 1 or sampling.temperature < 0 or not 0 < sampling.top_p <= 1:
            raise _bad("max_tokens must be at least 1, temperature at least 0, top_p above 0 and at most 1", None)
        return sampling

    def _answer(
        self, prefix: str, kind: str, request: dict[str, Any], choices: list[dict[str, Any]], done: list[Completion]
    ) -> dict[str, Any]:
        prompt = sum(one.prompt_tokens for one in done)
        completion = sum(one.completion_tokens for one in done)
        return {
            "id": f"{prefix}-{uuid.uuid4().hex}",
            "object": kind,
            "created": int(time.time()),
            "model": request.get("model", self._base),
            "choices": choices,
            "usage": {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion},
        }

    def _card(self, name: str, root: str, parent: str | None) -> dict[str, Any]:
        return {
            "id": name,
            "object": "model",
            "created": self._created,
            "owned_by": "vllm-stand-in",
            "root": root,
            "parent": parent,
        }


def handler_of(api: Api) -> type[BaseHTTPRequestHandler]:
    posts = {"/v1/completions": api.completions, "/v1/chat/completions": api.chat_completions}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An idle connection may not hold up the end of the process.
        timeout = 5

        def do_GET(self) -> None:
            if self.path == "/health":
                self._send(HTTPStatus.OK, None)
            elif self.path == "/v1/models":
                self._send(HTTPStatus.OK, api.models())
            else:
                self._send(HTTPStatus.NOT_FOUND, {"detail": "Not Found"})

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = posts.get(self.path)
            try:
                if answer is None:
                    raise Refused(HTTPStatus.NOT_FOUND, "NotFoundError", f"there is no {self.path} here")
                self._send(HTTPStatus.OK, answer(_object(content)))
            except Refused as refusal:
                self._send(refusal.status, refusal.body)
            except TooLong as error:
                self._send(HTTPStatus.BAD_REQUEST, _bad(str(error), "max_tokens").body)

        def _send(self, status: HTTPStatus, value: Any) -> None:
            content = b"" if value is None else json.dumps(value, ensure_ascii=False).encode()
            self.send_response(status)
            if value is not None:
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *values: Any) -> None:
            if self.path != "/health":
                logger.info("%s %s", self.address_string(), format % values)

    return Handler


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("role"), str) and isinstance(value.get("content"), str)


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError as error:
        raise _bad("the body is not JSON", None) from error
    if not isinstance(value, dict):
        raise _bad("the body is not an object", None)
    return value


def _bad(message: str, parameter: str | None) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, "BadRequestError", message, parameter)
