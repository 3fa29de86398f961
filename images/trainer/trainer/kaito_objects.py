"""The objects of a run that KAITO tunes: its Workspace, the Job that KAITO makes of it, that Job's pods, the keeper's Job."""

from __future__ import annotations

import urllib.parse
from dataclasses import dataclass
from typing import Any

from .keeper_configuration import RUN_LABEL, KeeperConfiguration
from .kubernetes import Cluster, ClusterError

LOG_LINES = 20

Manifest = dict[str, Any]


@dataclass(frozen=True)
class KeeperJob:
    """The Job whose pod this is."""

    uid: str
    created: str
    isDeleting: bool
    isLastAttempt: bool

    @property
    def identity(self) -> str:
        """Later Jobs have greater ones: of two keepers of one record, the later counts."""
        return f"{self.created}/{self.uid}"


@dataclass(frozen=True)
class Workspace:
    uid: str
    runId: str | None
    isDeleting: bool
    conditions: list[Manifest]


class KaitoObjects:
    """One attempt for each call: the keeper is patient by itself, and polls again anyway."""

    def __init__(self, cluster: Cluster, configuration: KeeperConfiguration) -> None:
        self._cluster = cluster
        self._manifest = configuration.workspace
        self._keeper_job = configuration.keeperJob
        self.name: str = self._manifest["metadata"]["name"]
        namespace = configuration.record.namespace
        self._workspaces = f"/apis/{self._manifest['apiVersion']}/namespaces/{namespace}/workspaces"
        self._jobs = f"/apis/batch/v1/namespaces/{namespace}/jobs"
        self._pods = f"/api/v1/namespaces/{namespace}/pods"

    def keeper_job(self) -> KeeperJob | None:
        job = self._cluster.get(f"{self._jobs}/{self._keeper_job}", attempts=1)
        if job is None:
            return None
        metadata = job["metadata"]
        failed, limit = job.get("status", {}).get("failed", 0), job.get("spec", {}).get("backoffLimit", 6)
        return KeeperJob(metadata["uid"], metadata["creationTimestamp"], "deletionTimestamp" in metadata, failed >= limit)

    def workspace(self) -> Workspace | None:
        found = self._cluster.get(f"{self._workspaces}/{self.name}", attempts=1)
        return None if found is None else _workspace(found)

    def create_workspace(self, owner: KeeperJob) -> Workspace:
        """Owned by the keeper's Job, which stays, when it is deleted, until the Workspace and its nodes are gone.

        https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion
        """
        reference = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "name": self._keeper_job,
            "uid": owner.uid,
            "controller": False,
            "blockOwnerDeletion": True,
        }
        metadata = {**self._manifest["metadata"], "ownerReferences": [reference]}
        return _workspace(self._cluster.create(self._workspaces, {**self._manifest, "metadata": metadata}, attempts=1))

    def delete_workspace(self, workspace: Workspace) -> None:
        self._cluster.delete(f"{self._workspaces}/{self.name}", workspace.uid, attempts=1)

    def job(self) -> Manifest | None:
        """KAITO gives the Job the name of the Workspace; this may be one that an earlier Workspace has left."""
        return self._cluster.get(f"{self._jobs}/{self.name}", attempts=1)

    def pods(self, job: Manifest) -> list[Manifest]:
        selector = job.get("spec", {}).get("selector", {}).get("matchLabels") or {"job-name": self.name}
        text = ",".join(f"{label}={value}" for label, value in sorted(selector.items()))
        found = self._cluster.get(f"{self._pods}?labelSelector={urllib.parse.quote(text)}", attempts=1)
        return [] if found is None else found.get("items") or []

    def log_tail(self, pod: str, container: str) -> str:
        """The end of a container's log, empty where it cannot be read: the node may be gone."""
        query = urllib.parse.urlencode({"container": container, "tailLines": LOG_LINES})
        try:
            return self._cluster.read_text(f"{self._pods}/{pod}/log?{query}", attempts=1)
        except ClusterError:
            return ""


def is_owned_by(job: Manifest, workspace: Workspace) -> bool:
    return any(owner.get("uid") == workspace.uid for owner in job["metadata"].get("ownerReferences") or [])


def _workspace(found: Manifest) -> Workspace:
    metadata = found["metadata"]
    return Workspace(
        uid=metadata["uid"],
        runId=(metadata.get("labels") or {}).get(RUN_LABEL),
        isDeleting="deletionTimestamp" in metadata,
        conditions=(found.get("status") or {}).get("conditions") or [],
    )
