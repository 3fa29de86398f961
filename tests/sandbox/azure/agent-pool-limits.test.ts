import { fitsEphemeral, validatePool, validatePoolVersion } from "../../../sandbox/providers/azure-native/resources/agent-pool-limits";
import type { JsonObject } from "../../../sandbox/providers/values";

const A100 = { vmSize: "Standard_NC24ads_A100_v4" };
const SPOT = { ...A100, scaleSetPriority: "Spot" };
const GROUP = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/capacityReservationGroups/a100";

/** What AKS refuses, its words, and the nearest pool that it takes. */
const REFUSALS: readonly [string, JsonObject, string, JsonObject][] = [
  ["a free spot node", { ...SPOT, spotMaxPrice: 0 }, "must be -1 or greater than 0", { ...SPOT, spotMaxPrice: 0.1 }],
  ["reserved spot capacity", { ...SPOT, capacityReservationGroupID: GROUP }, "can't use a capacity reservation group", { ...A100, capacityReservationGroupID: GROUP }],
  [
    "surge and unavailable nodes together",
    { ...A100, upgradeSettings: { maxSurge: "33%", maxUnavailable: "1" } },
    "maxUnavailable needs maxSurge 0.",
    { ...A100, upgradeSettings: { maxSurge: "0", maxUnavailable: "1" } },
  ],
  ["a partition that no card has", { ...A100, gpuInstanceProfile: "MIG5g" }, "does not support the GPU instance profile MIG5g", { ...A100, gpuInstanceProfile: "MIG4g" }],
  [
    "partitions of an A10",
    { vmSize: "Standard_NV36ads_A10_v5", gpuInstanceProfile: "MIG1g" },
    "VM size Standard_NV36ads_A10_v5 does not support the GPU instance profile MIG1g.",
    { vmSize: "Standard_NC40ads_H100_v5", gpuInstanceProfile: "MIG1g" },
  ],
  ["nine pods", { ...A100, maxPods: 9 }, "maxPods 9 must be from 10 to 250.", { ...A100, maxPods: 10 }],
  ["251 pods", { ...A100, maxPods: 251 }, "maxPods 251 must be from 10 to 250.", { ...A100, maxPods: 250 }],
  ["a fourth zone", { ...A100, availabilityZones: ["1", "4"] }, "Zone 4 is none of 1, 2, 3.", { ...A100, availabilityZones: ["1", "3"] }],
  ["AKS's own label", { ...A100, nodeLabels: { agentpool: "x" } }, "The label agentpool is reserved.", { ...A100, nodeLabels: { pool: "x" } }],
  [
    "AKS's own prefix",
    { ...A100, nodeLabels: { "kubernetes.azure.com/mode": "user" } },
    "The label kubernetes.azure.com/mode is reserved.",
    { ...SPOT, nodeLabels: { "kubernetes.azure.com/scalesetpriority": "spot" } },
  ],
  [
    "an operating system larger than the local disk",
    { vmSize: "Standard_NC4as_T4_v3", osDiskType: "Ephemeral", osDiskSizeGB: 177 },
    "local disk is smaller than the requested ephemeral OS disk",
    { vmSize: "Standard_NC4as_T4_v3", osDiskType: "Ephemeral", osDiskSizeGB: 176 },
  ],
];

describe("a pool's limits", () => {
  it.each(REFUSALS)("refuse %s", (_, pool, message, nearest) => {
    expect(() => validatePool(pool, "User")).toThrow(message);
    expect(() => validatePool(nearest, "User")).not.toThrow();
  });

  it.each([
    ["Standard_NC4as_T4_v3", undefined, true],
    ["Standard_NC24ads_A100_v4", undefined, false],
    ["Standard_NC24ads_A100_v4", 64, true],
    ["Standard_D8s_v5", undefined, false],
  ])("know whether %s holds a disk of %p", (vmSize, osDiskSizeGB, fits) => {
    expect(fitsEphemeral({ vmSize, ...(osDiskSizeGB === undefined ? {} : { osDiskSizeGB }) })).toBe(fits);
  });

  it("let sizes be whose disks nobody wrote down", () => {
    expect(() => validatePool({ vmSize: "Standard_D8ds_v5", osDiskType: "Ephemeral" }, "User")).not.toThrow();
  });

  it.each([
    ["1.37", "cannot be bigger than control plane version"],
    ["1.33", "cannot be more than 2 minor versions behind"],
  ])("refuse Kubernetes %s on a cluster of 1.36", (orchestratorVersion, message) => {
    expect(() => validatePoolVersion({ orchestratorVersion }, "1.36")).toThrow(message);
  });

  it.each([["1.36"], ["1.34"]])("take Kubernetes %s there", (orchestratorVersion) => {
    expect(() => validatePoolVersion({ orchestratorVersion }, "1.36")).not.toThrow();
  });
});
