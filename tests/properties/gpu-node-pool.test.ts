import { GpuNodePool } from "../../components";
import { type PoolGiven, poolGiven } from "./arbitraries/gpu-node-pool";
import { expectAccepted, expectListedTogether, expectRefused, expectSamePreview, PATIENCE } from "./expectations";
import type { Subject } from "./subject";

const subject: Subject<PoolGiven> = {
  given: poolGiven,
  register: ({ name, args: { kubernetesVersion, ...args } }, world) => new GpuNodePool(name, { cluster: world.cluster({ kubernetesVersion }), ...args }),
  mutations: [
    { fault: "capitals in the name", code: "AKSFT-NAME-03", argument: "name", name: "GPUPool" },
    { fault: "a hyphen in the name", code: "AKSFT-NAME-03", argument: "name", name: "gpu-a100" },
    { fault: "a name that leaves no room for replacements", code: "AKSFT-NAME-03", argument: "name", name: "traininga100pool" },
    { fault: "a size without a GPU", code: "AKSFT-POOL-01", argument: "size", args: { size: "Standard_D8s_v5" } },
    { fault: "a misspelt size", code: "AKSFT-POOL-01", argument: "size", args: { size: "Standard_NC24ads_A100v4" } },
    { fault: "a pool that never has a node", code: "AKSFT-POOL-02", argument: "maxNodes", args: { maxNodes: 0 } },
    { fault: "1001 nodes", code: "AKSFT-POOL-02", argument: "maxNodes", args: { maxNodes: 1001 } },
    { fault: "less than no nodes", code: "AKSFT-POOL-03", argument: "minNodes", args: { minNodes: -1 } },
    { fault: "a least number above the most", code: "AKSFT-POOL-04", argument: "minNodes", args: { minNodes: 5, maxNodes: 2 }, alone: true },
  ],
};

describe("GpuNodePool, drawn at random,", () => {
  it("is accepted by the stand-ins", () => expectAccepted(subject), PATIENCE);

  it("registers the same in a preview that knows nothing yet of what is passed on", () => expectSamePreview(subject), PATIENCE);

  it.each(subject.mutations)(
    "refuses $fault, for that reason alone, before anything is registered",
    (mutation) => expectRefused(subject, mutation),
    PATIENCE,
  );

  it("lists several faults at once", () => expectListedTogether(subject), PATIENCE);
});
