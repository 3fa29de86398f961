import * as rules from "../../sandbox/providers/kubernetes/readiness";
import type { Properties } from "../../sandbox/providers/values";

const available = { type: "Available", status: "True" };
const rolledOut = { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" };

function deployment(revision: string, conditions: readonly Properties[], observedGeneration = 1): Properties {
  return {
    metadata: { name: "d", generation: 1, annotations: { "deployment.kubernetes.io/revision": revision } },
    status: { observedGeneration, conditions },
  };
}

function replicaSet(revision: string, replicas: number, readyReplicas?: number): Properties {
  return {
    metadata: { annotations: { "deployment.kubernetes.io/revision": revision } },
    spec: { replicas },
    status: { readyReplicas },
  };
}

describe("a Deployment is ready", () => {
  it.each([
    ["with its pods", deployment("1", [available]), [replicaSet("1", 2, 2)], true],
    ["at once with no replicas", deployment("1", [available]), [replicaSet("1", 0)], true],
    ["not while pods are missing", deployment("1", [available]), [replicaSet("1", 2, 1)], false],
    ["not before its controller has seen it", deployment("1", [available], 0), [replicaSet("1", 0)], false],
    ["not before it has a replica set", deployment("1", [available]), [], false],
    ["not by the pods of the last revision", deployment("2", [available, rolledOut]), [replicaSet("1", 1, 1)], false],
    ["not before a later revision is rolled out", deployment("2", [available]), [replicaSet("2", 1, 1)], false],
    ["when a later revision is", deployment("2", [available, rolledOut]), [replicaSet("2", 1, 1)], true],
  ])("%s", (_, live, replicaSets, ready) => {
    expect(rules.deploymentReadiness(live, replicaSets, []).ready).toBe(ready);
  });

  it("not while a claim that it mounts is unbound, which is said", () => {
    const claim = { metadata: { name: "data" }, status: { phase: "Pending" } };
    const found = rules.deploymentReadiness(deployment("1", [available]), [replicaSet("1", 0)], [claim]);
    expect(found).toEqual({ ready: false, problems: ['Failed to bind PersistentVolumeClaim(s): "data"'] });
  });
});

describe("a Job is ready", () => {
  const job = (status: Properties): Properties => ({ metadata: { name: "j" }, status });

  it("when it is complete", () => {
    const complete = { startTime: "2026-01-01T00:00:00Z", conditions: [{ type: "Complete", status: "True" }] };
    expect(rules.jobReadiness(job(complete))).toEqual({ ready: true, problems: [] });
  });

  it("never after it has failed for good, which is not waited for", () => {
    const failed = { type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "too often" };
    expect(rules.jobReadiness(job({ conditions: [failed] }))).toEqual({
      ready: false,
      failed: true,
      problems: ["[BackoffLimitExceeded] too often"],
    });
  });

  it("not while it is suspended, as nothing starts it", () => {
    const found = rules.jobReadiness(job({ conditions: [{ type: "Suspended", status: "True" }] }));
    expect(found.problems).toEqual(['Waiting for Job "j" to start (Active: 0 | Succeeded: 0 | Failed: 0)']);
  });
});

describe("a Service is ready", () => {
  const service = (spec: Properties): Properties => ({ metadata: { name: "s" }, spec });
  const selecting = { selector: { app: "x" } };
  const unready = { subsets: [{ notReadyAddresses: [{ ip: "10.0.0.1" }] }] };

  it.each([
    ["when every endpoint is", service(selecting), { subsets: [{ addresses: [{ ip: "10.0.0.1" }] }] }, true],
    ["with no endpoints at all", service(selecting), {}, true],
    ["not before it has an endpoints object", service(selecting), undefined, false],
    ["not while an endpoint is not", service(selecting), unready, false],
    ["at once when headless", service({ ...selecting, clusterIP: "None" }), undefined, true],
    ["at once without a selector", service({}), undefined, true],
    ["not as a load balancer without an address", service({ ...selecting, type: "LoadBalancer" }), {}, false],
  ])("%s", (_, live, endpoints, ready) => {
    expect(rules.serviceReadiness(live, endpoints).ready).toBe(ready);
  });
});

describe("other kinds are ready", () => {
  it("a claim when bound, or pending where the first pod binds it", () => {
    const claim = (phase: string): Properties => ({ metadata: { name: "c" }, status: { phase } });
    expect(rules.claimReadiness(claim("Bound"), "Immediate").ready).toBe(true);
    expect(rules.claimReadiness(claim("Pending"), "Immediate").ready).toBe(false);
    expect(rules.claimReadiness(claim("Pending"), "WaitForFirstConsumer").ready).toBe(true);
  });

  it("a pod when scheduled, initialised and ready, or done; a stuck one says why", () => {
    const conditions = ["PodScheduled", "Initialized", "Ready"].map((type) => ({ type, status: "True" }));
    expect(rules.podReadiness({ status: { conditions } }).ready).toBe(true);
    expect(rules.podReadiness({ status: { phase: "Succeeded" } }).ready).toBe(true);
    const waiting = { name: "c", state: { waiting: { reason: "ErrImagePull", message: "no such image" } } };
    const stuck = { status: { containerStatuses: [waiting] } };
    expect(rules.podReadiness(stuck).problems).toEqual(["[ErrImagePull] no such image"]);
  });

  it("a quota when it is in force", () => {
    const spec = { hard: { pods: "1", cpu: "2" } };
    expect(rules.quotaReadiness({ spec, status: { hard: { cpu: "2", pods: "1" } } }).ready).toBe(true);
    expect(rules.quotaReadiness({ spec }).ready).toBe(false);
  });

  it("anything by a condition that the program waits for", () => {
    const live = { status: { conditions: [{ type: "Ready", status: "True" }] } };
    expect(rules.conditionReadiness(live, "Ready").ready).toBe(true);
    expect(rules.conditionReadiness(live, "Ready=False").ready).toBe(false);
  });

  it.each([
    ["{.metadata.uid}", true],
    ["{.status.phase}=Bound", true],
    ["{.status.phase}=Pending", false],
    ["{.status.reason}", false],
    ["status.phase", false],
  ])("waits for the field of waitFor's jsonpath=%s: %p", (expression, ready) => {
    expect(rules.fieldReadiness({ metadata: { uid: "1" }, status: { phase: "Bound" } }, expression).ready).toBe(ready);
  });
});
