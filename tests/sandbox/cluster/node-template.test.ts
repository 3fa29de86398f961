import { capacityOf, nodeName, nodeTemplate, parseTaint } from "../../../sandbox/cluster/nodes/node-template";
import { nodePatch, statusPatch } from "../../../sandbox/cluster/nodes/node-objects";
import { formatQuantity, quantity } from "../../../sandbox/quantity";
import { registrationLabels } from "../../../sandbox/cluster/machine/real-node";
import { pool, SYSTEM } from "./pods";

const GIB = 1024 ** 3;

describe("nodeTemplate", () => {
  it("labels and taints a spot GPU node as AKS does", () => {
    const { labels, taints } = nodeTemplate(pool({ labels: { team: "support" }, zones: ["2"] }));
    expect(labels).toMatchObject({
      agentpool: "gpu",
      "kubernetes.azure.com/agentpool": "gpu",
      "kubernetes.azure.com/cluster": "MC_rg_aks_eastus",
      "kubernetes.azure.com/mode": "user",
      "kubernetes.azure.com/scalesetpriority": "spot",
      "node.kubernetes.io/instance-type": "Standard_NC4as_T4_v3",
      "topology.kubernetes.io/zone": "eastus-2",
      accelerator: "nvidia",
      team: "support",
    });
    expect(taints).toEqual([
      { key: "sku", value: "gpu", effect: "NoSchedule" },
      { key: "kubernetes.azure.com/scalesetpriority", value: "spot", effect: "NoSchedule" },
    ]);
  });

  it("sets the spot taint once, whoever declared it", () => {
    const { taints } = nodeTemplate(pool({ taints: ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"] }));
    expect(taints).toHaveLength(1);
  });

  it("leaves ordinary nodes without either", () => {
    const { labels, taints } = nodeTemplate(SYSTEM);
    expect(taints).toEqual([]);
    expect(labels).not.toHaveProperty("accelerator");
    expect(labels["kubernetes.azure.com/mode"]).toBe("system");
  });

  it("reserves what AKS reserves", () => {
    const { allocatable } = nodeTemplate(SYSTEM);
    expect(allocatable).toMatchObject({ cpu: 3.86, memory: 16 * GIB * 0.75 - 100 * 1024 ** 2 });
  });
});

describe("capacityOf", () => {
  it.each([
    { size: "Standard_D4s_v5", capacity: { cpu: 4, memory: 16 * GIB } },
    { size: "Standard_E8ds_v5", capacity: { cpu: 8, memory: 64 * GIB } },
    { size: "Standard_NC4as_T4_v3", capacity: { cpu: 4, memory: 28 * GIB, "nvidia.com/gpu": 1 } },
    { size: "Standard_NC96ads_A100_v4", capacity: { cpu: 96, "nvidia.com/gpu": 4 } },
    { size: "Standard_ND128unknown_v9", capacity: { cpu: 128, "nvidia.com/gpu": 1 } },
  ])("knows $size", ({ size, capacity }) => {
    expect(capacityOf(size)).toMatchObject(capacity);
  });
});

describe("a node of partitioned GPUs", () => {
  it.each([
    ["Standard_ND96asr_v4", "MIG1g", 56],
    ["Standard_NC24ads_A100_v4", "MIG3g", 2],
    ["Standard_NC24ads_A100_v4", undefined, 1],
  ])("of %s and %p offers %p", (size, profile, offered) => {
    expect(capacityOf(size, profile)["nvidia.com/gpu"]).toBe(offered);
    const template = nodeTemplate(pool({ vmSize: size, ...(profile ? { gpuInstanceProfile: profile } : {}) }));
    expect(template.allocatable["nvidia.com/gpu"]).toBe(offered);
  });
});

describe("nodeName", () => {
  it("is the scale set's, the instance in base 36", () => {
    expect(nodeName(pool(), 0)).toMatch(/^aks-gpu-\d{8}-vmss000000$/);
    expect(nodeName(pool(), 10)).toMatch(/-vmss00000a$/);
  });
});

it("taints are read as Azure writes them", () => {
  expect(parseTaint("a.b/c:NoExecute")).toEqual({ key: "a.b/c", effect: "NoExecute" });
  expect(() => parseTaint("nothing")).toThrow('not a taint: "nothing"');
});

it("a kubelet registers only labels that admission lets it set", () => {
  const labels = { agentpool: "gpu", "kubernetes.io/os": "linux", "x.k8s.io/y": "1", "node.kubernetes.io/instance-type": "a" };
  expect(registrationLabels(labels)).toBe("agentpool=gpu,node.kubernetes.io/instance-type=a");
});

describe("what the agent patches", () => {
  const template = nodeTemplate(pool());
  const taint = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" };
  const complete = {
    metadata: { name: "n", labels: { ...template.labels, "kubernetes.io/hostname": "n" } },
    spec: { taints: [taint, ...template.taints] },
    status: {
      capacity: { cpu: "4", memory: "28Gi", "nvidia.com/gpu": "1", pods: "250" },
      allocatable: { cpu: "3860m", memory: "23522Mi", "nvidia.com/gpu": "1" },
    },
  };

  it("is nothing on a node that is as its pool says", () => {
    expect(nodePatch(complete, template)).toBeUndefined();
    expect(statusPatch(complete, template)).toBeUndefined();
  });

  it("is what a kubelet that started anew dropped", () => {
    const dropped = { ...complete.status.capacity, "nvidia.com/gpu": "0" };
    expect(statusPatch({ ...complete, status: { ...complete.status, capacity: dropped } }, template)).toEqual({
      status: { capacity: { "nvidia.com/gpu": "1" }, allocatable: {} },
    });
  });

  it("keeps the taints of Kubernetes' controllers", () => {
    expect(nodePatch({ ...complete, spec: { taints: [taint] } }, template)).toEqual({
      spec: { taints: [taint, ...template.taints] },
    });
  });
});

describe("quantity", () => {
  it.each([
    ["500m", 0.5],
    ["2Gi", 2 * GIB],
    ["1e3", 1000],
    ["1E", 1e18],
    ["64k", 64_000],
    ["3", 3],
  ])("%s is %d", (text, amount) => {
    expect(quantity(text)).toBe(amount);
  });

  it("refuses what is none", () => {
    expect(() => quantity("much")).toThrow('not a quantity: "much"');
  });

  it("is written as nodes report it", () => {
    expect(formatQuantity("cpu", 3.86)).toBe("3860m");
    expect(formatQuantity("memory", 2048)).toBe("2Ki");
    expect(formatQuantity("nvidia.com/gpu", 1)).toBe("1");
  });
});
