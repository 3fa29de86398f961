"""`python -m serving MODEL [vLLM's arguments]`."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from http.server import ThreadingHTTPServer

from .arguments import parse_arguments

logger = logging.getLogger("serving")


class Server(ThreadingHTTPServer):
    # Requests that are under way are answered before the process ends.
    daemon_threads = False
    request_queue_size = 64


def main(words: list[str]) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stdout)
    logger.info("This is not vLLM: a stand-in on transformers and peft, for machines without a GPU.")
    # Before the model is loaded there is nothing to lose; as process 1 this has to be said.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    arguments = parse_arguments(words)
    started = time.monotonic()

    # torch takes seconds to load, and arguments that do not fit should be told at once.
    from .api import Api, handler_of
    from .model import Model

    server_api = Api(arguments, Model(arguments))
    server = Server((arguments.host, arguments.port), handler_of(server_api))
    # From another thread: shutdown waits for the loop that the signal has interrupted.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    names = [card["id"] for card in server_api.models()["data"]]
    logger.info("serving %s on port %d after %.1f s", ", ".join(names), arguments.port, time.monotonic() - started)
    server.serve_forever()
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
