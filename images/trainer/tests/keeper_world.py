"""A small cluster and registry on the loopback, with a clock of its own, for the keeper to live in."""

from __future__ import annotations

import copy
import json
import logging
import tempfile
import threading
import unittest
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from unittest import mock

from trainer.kaito_objects import KaitoObjects
from trainer.kaito_progress import timestamp_of
from trainer.keeper import keep_run
from trainer.keeper_configuration import parse_keeper_configuration
from trainer.keeper_run import KeeperRun
from trainer.kubernetes import Cluster
from trainer.record import ClusterStore, Record
from trainer.registry import Repository

Manifest = dict[str, Any]

START = 1_800_000_000.0
HOUR = 3600.0
RUN, EARLIER, LATER = "k3x9abcdef", "a1a1a1a1a1", "z9z9z9z9z9"
RECORD = "/api/v1/namespaces/support/configmaps/tickets"
WORKSPACES = "/apis/kaito.sh/v1beta1/namespaces/support/workspaces"
WORKSPACE = f"{WORKSPACES}/tickets"
JOB = "/apis/batch/v1/namespaces/support/jobs/tickets"
KEEPER_JOB = f"{JOB}-{RUN}"
PODS = "/api/v1/namespaces/support/pods"
MANIFEST = f"/v2/support/tickets/manifests/{RUN}"
LOCKS = "/acr/v1/support/tickets/"
DIGEST = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
LABEL = "aks-fine-tuning.dev/run"

CONFIGURATION: Manifest = {
    "schema": 1,
    "engine": "kaito",
    "runId": RUN,
    "record": {"namespace": "support", "name": "tickets"},
    "keeperJob": f"tickets-{RUN}",
    "workspace": {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "tickets", "namespace": "support", "labels": {LABEL: RUN}},
        "resource": {"instanceType": "Standard_NC24ads_A100_v4"},
    },
    "model": {"name": "phi-4-mini-instruct"},
    "method": "lora",
    "lora": {"rank": 16},
    "dataset": {"contentKey": "abc", "rows": 130},
    "maximumPaidHours": 6,
    "deadlineHours": 48,
    "usdPerHour": 3.6,
    "output": {"registry": "", "repository": "support/tickets", "tag": RUN},
    "lineage": {"trainerImage": "t", "datasetImage": "d", "size": "Standard_NC24ads_A100_v4", "kaito": "0.12"},
}


@dataclass
class FakeClock:
    """Sleeping lets happen what is due."""

    time: float = START
    due: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    sleeps: int = 0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps += 1
        if self.sleeps > 40_000:
            raise KeyboardInterrupt("the keeper sleeps for ever")
        self.time += seconds
        for event in [event for event in self.due if event[0] <= self.time]:
            self.due.remove(event)
            event[1]()

    def after(self, seconds: float, event: Callable[[], None]) -> None:
        self.due.append((self.time + seconds, event))


class World:
    """The objects by their paths; tests change them as KAITO and Kubernetes would."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.objects: dict[str, Manifest] = {RECORD: {"data": {}}}
        self.asked: list[str] = []
        self.written: list[Manifest] = []
        self.locked: list[str] = []
        # Consumed in order: what is asked, and the status that it is answered, or None for a connection that breaks.
        self.faults: list[tuple[str, int | None, str]] = []
        self.finalizer_seconds: float | None = 60.0
        self.logs: dict[str, str] = {}
        self.uids = 0
        self.add_keeper_job()

    def add_keeper_job(self, **status: Any) -> None:
        self.uids += 1
        metadata = {"uid": f"keeper-{self.uids}", "creationTimestamp": self.now()}
        self.objects[KEEPER_JOB] = {"metadata": metadata, "spec": {"backoffLimit": 6}, "status": status}

    def now(self) -> str:
        return timestamp_of(self.clock.now())

    @property
    def record(self) -> dict[str, str]:
        return self.objects[RECORD]["data"]

    @property
    def states(self) -> list[str]:
        """The states that the record went through."""
        states = [data["state"] for data in self.written if "state" in data]
        return [state for index, state in enumerate(states) if index == 0 or states[index - 1] != state]

    def count(self, call: str) -> int:
        return sum(asked.split("?")[0] == call for asked in self.asked)

    # What happens in the cluster.

    def add_workspace(self, run: str | None) -> None:
        labels = {} if run is None else {LABEL: run}
        self.create({"metadata": {"name": "tickets", "labels": labels}})

    def create(self, manifest: Manifest) -> Manifest:
        self.uids += 1
        made = copy.deepcopy(manifest)
        made["metadata"].update(uid=f"uid-{self.uids}", creationTimestamp=self.now())
        self.objects[WORKSPACE] = made
        return made

    def delete_workspace(self) -> None:
        metadata = self.objects[WORKSPACE]["metadata"]
        if "deletionTimestamp" in metadata:
            return
        metadata["deletionTimestamp"] = self.now()
        if self.finalizer_seconds is not None:
            self.clock.after(self.finalizer_seconds, lambda: self.lose_workspace(metadata["uid"]))

    def lose_workspace(self, uid: str) -> None:
        if self.objects.get(WORKSPACE, {}).get("metadata", {}).get("uid") == uid:
            del self.objects[WORKSPACE]
        owners = self.objects.get(JOB, {}).get("metadata", {}).get("ownerReferences", [])
        if any(owner["uid"] == uid for owner in owners):
            # The garbage collector comes a little later.
            self.clock.after(15, lambda: self.objects.pop(JOB, None))

    def set_condition(self, kind: str, status: str, message: str) -> None:
        conditions = self.objects[WORKSPACE].setdefault("status", {}).setdefault("conditions", [])
        conditions[:] = [condition for condition in conditions if condition["type"] != kind]
        conditions.append({"type": kind, "status": status, "message": message, "lastTransitionTime": self.now()})

    def add_job(self) -> None:
        owner = {"kind": "Workspace", "uid": self.objects[WORKSPACE]["metadata"]["uid"], "controller": True}
        self.objects[JOB] = {
            "metadata": {"name": "tickets", "ownerReferences": [owner]},
            "spec": {"selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": "job"}}},
            "status": {"startTime": self.now()},
        }
        self.objects[PODS] = {"items": []}

    def add_pod(self, name: str = "tickets-1", scheduled: bool = True) -> Manifest:
        containers = [{"name": "tickets"}, {"name": "pusher"}, {"name": "pause"}]
        condition = {"type": "PodScheduled", "status": str(scheduled), "lastTransitionTime": self.now()}
        if not scheduled:
            condition["message"] = "0/3 nodes are available"
        pod = {
            "metadata": {"name": name, "creationTimestamp": self.now()},
            "spec": {"containers": containers},
            "status": {"phase": "Running" if scheduled else "Pending", "conditions": [condition]},
        }
        self.objects[PODS]["items"].append(pod)
        return pod

    def end_container(self, name: str, exit_code: int, pod: str = "tickets-1", init: bool = False, **said: str) -> None:
        (found,) = (item for item in self.objects[PODS]["items"] if item["metadata"]["name"] == pod)
        kind = "initContainerStatuses" if init else "containerStatuses"
        terminated = {"exitCode": exit_code, "finishedAt": self.now(), **said}
        found["status"].setdefault(kind, []).append({"name": name, "state": {"terminated": terminated}})

    def fail_pod(self, pod: str = "tickets-1") -> None:
        (found,) = (item for item in self.objects[PODS]["items"] if item["metadata"]["name"] == pod)
        found["status"]["phase"] = "Failed"

    def end_job(self, kind: str, message: str = "") -> None:
        status = self.objects[JOB]["status"]
        status["conditions"] = [{"type": kind, "status": "True", "message": message}]
        if kind == "Complete":
            status["succeeded"] = 1

    def push(self) -> None:
        self.objects[MANIFEST] = {}

    def tune(self, minutes: float = 56) -> None:
        """What KAITO does with a Workspace when all goes well, from now on."""
        self.clock.after(300, lambda: self.set_condition("ResourceReady", "True", "ready"))
        self.clock.after(310, self.add_job)
        self.clock.after(320, self.add_pod)
        self.clock.after(320 + minutes * 60, self.complete)

    def complete(self) -> None:
        self.end_container("tickets", 0)
        self.end_container("pusher", 0)
        self.push()
        self.end_job("Complete")


class Handler(BaseHTTPRequestHandler):
    world: World

    def handle_any(self) -> None:
        world = self.world
        length = int(self.headers.get("Content-Length") or 0)
        content = json.loads(self.rfile.read(length)) if length else None
        call = f"{self.command} {self.path}"
        world.asked.append(call)
        if world.faults and call.startswith(world.faults[0][0]):
            _, status, message = world.faults.pop(0)
            if status is not None:
                self.answer(status, {"message": message, "errors": [{"code": "DENIED", "message": message}]})
            return
        self.answer(*self.act(world, self.command, self.path.split("?")[0], content))

    do_GET = do_POST = do_PATCH = do_DELETE = handle_any

    def act(self, world: World, method: str, path: str, content: Manifest | None) -> tuple[int, Manifest | str]:
        if path.startswith(LOCKS):
            world.locked.append(path.removeprefix(LOCKS))
            return 200, {}
        if path.endswith("/log"):
            return (200, world.logs[path]) if path in world.logs else (404, {"message": "no log"})
        if method == "POST" and path == WORKSPACES:
            if WORKSPACE in world.objects:
                return 409, {"message": "already exists"}
            assert content is not None
            return 201, world.create(content)
        found = world.objects.get(path)
        if found is None:
            return 404, {"message": "not found"}
        if method == "PATCH":
            assert content is not None and path == RECORD
            world.written.append(content["data"])
            merged = {**found["data"], **content["data"]}
            found["data"] = {key: value for key, value in merged.items() if value is not None}
        if method == "DELETE":
            assert content is not None and path == WORKSPACE
            if content["preconditions"]["uid"] != found["metadata"]["uid"]:
                return 409, {"message": "another uid"}
            world.delete_workspace()
        return 200, found

    def answer(self, status: int, content: Manifest | str) -> None:
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Said(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class KeeperTestCase(unittest.TestCase):
    # Of the test's clock. Tests of days take longer steps.
    poll_seconds = 160.0

    def setUp(self) -> None:
        self.world = World()
        handler = type("WorldHandler", (Handler,), {"world": self.world})
        server = HTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.address = f"127.0.0.1:{server.server_port}"
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.token = Path(folder.name, "token")
        self.token.write_text("token\n", encoding="utf-8")
        for patch in (mock.patch("time.sleep"), mock.patch("trainer.record.SECONDS_BETWEEN_UPDATES", 0)):
            patch.start()
            self.addCleanup(patch.stop)
        self.said = Said()
        logger = logging.getLogger("trainer")
        before = (logger.level, logger.propagate)
        logger.addHandler(self.said)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        self.addCleanup(logger.removeHandler, self.said)
        self.addCleanup(logger.setLevel, before[0])
        self.addCleanup(setattr, logger, "propagate", before[1])

    def cluster(self) -> Cluster:
        cluster = Cluster.__new__(Cluster)
        cluster._server, cluster._token, cluster._tls = f"http://{self.address}", self.token, None
        return cluster

    def run_of(self, **changes: Any) -> KeeperRun:
        output = {**CONFIGURATION["output"], "registry": self.address}
        configuration = parse_keeper_configuration({**copy.deepcopy(CONFIGURATION), "output": output, **changes})
        with mock.patch("trainer.record.Cluster", self.cluster):
            record = Record(ClusterStore(configuration.record, None))
        objects = KaitoObjects(self.cluster(), configuration)
        repository = Repository(self.address, configuration.output.repository)
        return KeeperRun(configuration, record, objects, repository, self.world.clock, self.poll_seconds)

    def keep(self, **changes: Any) -> None:
        """A keeper's pod, from its start to its end."""
        keep_run(self.run_of(**changes))

    def killed_when(self, happens: Callable[[], bool]) -> None:
        """A keeper's pod that is killed while it sleeps, as soon as something holds."""
        sleep = self.world.clock.sleep

        def sleeping(seconds: float) -> None:
            sleep(seconds)
            if happens():
                raise Killed

        with mock.patch.object(self.world.clock, "sleep", sleeping), self.assertRaises(Killed):
            self.keep()

    def assert_released(self) -> None:
        self.assertNotIn(WORKSPACE, self.world.objects)
        self.assertIn("no Workspace of this run is left: GPU nodes are released", self.said.lines)


class Killed(BaseException):
    pass
