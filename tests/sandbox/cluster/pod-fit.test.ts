import { nodeTemplate } from "../../../sandbox/cluster/nodes/node-template";
import { isTolerated, isUnschedulable, podFits, podRequests } from "../../../sandbox/cluster/nodes/pod-fit";
import { boundPod, GPU_TOLERATIONS, pendingPod, pool } from "./pods";

const GPU_NODE = nodeTemplate(pool());

describe("podFits", () => {
  it("takes a pod that selects the pool, tolerates its taints and asks for what it has", () => {
    expect(podFits(pendingPod("tune"), GPU_NODE)).toBe(true);
  });

  it.each([
    { why: "selects another pool", spec: { nodeSelector: { agentpool: "other" } } },
    { why: "does not tolerate the spot taint", spec: { tolerations: GPU_TOLERATIONS.slice(0, 1) } },
    { why: "asks for two GPUs of one", spec: { containers: [{ resources: { limits: { "nvidia.com/gpu": "2" } } }] } },
    { why: "asks for all cores, of which some are reserved", spec: { containers: [{ resources: { requests: { cpu: "4" } } }] } },
    { why: "asks for a resource that the size lacks", spec: { containers: [{ resources: { limits: { "amd.com/gpu": 1 } } }] } },
  ])("refuses a pod that $why", ({ spec }) => {
    expect(podFits(pendingPod("tune", spec), GPU_NODE)).toBe(false);
  });

  it.each([
    { operator: "In", values: ["Standard_NC4as_T4_v3"], fits: true },
    { operator: "NotIn", values: ["Standard_NC4as_T4_v3"], fits: false },
    { operator: "Exists", values: [], fits: true },
    { operator: "DoesNotExist", values: [], fits: false },
    { operator: "Gt", values: ["3"], fits: false },
  ])("reads required node affinity: $operator $values", ({ operator, values, fits }) => {
    const expression = { key: "node.kubernetes.io/instance-type", operator, values };
    const affinity = {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [expression] }] },
      },
    };
    expect(podFits(pendingPod("tune", { affinity }), GPU_NODE)).toBe(fits);
  });
});

describe("podRequests", () => {
  it("adds containers and sidecars, and takes the larger of them and each init container", () => {
    const requests = podRequests({
      initContainers: [
        { resources: { requests: { cpu: "3", memory: "1Gi" } } },
        { restartPolicy: "Always", resources: { requests: { cpu: "250m" } } },
      ],
      containers: [{ resources: { requests: { cpu: "1" } } }, { resources: { requests: { cpu: "500m", memory: "2Gi" } } }],
      overhead: { cpu: "100m" },
    });
    expect(requests).toEqual({ cpu: 3.1, memory: 2 * 1024 ** 3, pods: 1 });
  });

  it("counts a limit without a request", () => {
    expect(podRequests({ containers: [{ resources: { limits: { cpu: "2" } } }] })).toEqual({ cpu: 2, pods: 1 });
  });
});

describe("isTolerated", () => {
  const taint = { key: "sku", value: "gpu", effect: "NoSchedule" };
  it.each([
    { toleration: { operator: "Exists" }, tolerated: true },
    { toleration: { key: "sku", operator: "Exists", effect: "NoExecute" }, tolerated: false },
    { toleration: { key: "sku", value: "gpu" }, tolerated: true },
    { toleration: { key: "sku", value: "cpu" }, tolerated: false },
    { toleration: { key: "sku" }, tolerated: false },
  ])("$toleration", ({ toleration, tolerated }) => {
    expect(isTolerated(taint, [toleration])).toBe(tolerated);
  });

  it("minds no preference", () => {
    expect(isTolerated({ key: "any", effect: "PreferNoSchedule" }, [])).toBe(true);
  });
});

describe("isUnschedulable", () => {
  it("is what the scheduler says of a pod without a node", () => {
    expect(isUnschedulable(pendingPod("tune"))).toBe(true);
    expect(isUnschedulable(boundPod("tune", "node"))).toBe(false);
    expect(isUnschedulable({ ...pendingPod("tune"), status: { phase: "Pending" } })).toBe(false);
  });
});
