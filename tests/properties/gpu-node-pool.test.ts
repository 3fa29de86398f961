import { GpuNodePool } from "../../components";
import { poolGiven } from "./arbitraries/gpu-node-pool";
import { describeSubject } from "./describe-subject";

describeSubject({
  component: "GpuNodePool",
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
});
