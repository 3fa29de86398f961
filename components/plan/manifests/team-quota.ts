import { SLICE_NAMES } from "../catalogue/gpu-cards";
import { WHOLE_GPU } from "../gpu-pool/devices";
import type { QuotaPlan } from "../team/quota";

/** A quota has no wildcards, so every name that a GPU or a slice can have is listed: a slice that is not would cost the team nothing. */
const GPU_RESOURCES = [WHOLE_GPU, ...SLICE_NAMES.map((name) => `nvidia.com/mig-${name}`)];

/** A team's share of the cluster. */
export function quotaSpec({ maxGpus, quota }: QuotaPlan) {
  const { pods, cpuCores, memoryGiB, localDiskGiB, volumeClaims, objects } = quota;
  const kinds = ["jobs.batch", "configmaps", "secrets", "services"];
  return {
    hard: {
      ...Object.fromEntries(GPU_RESOURCES.map((resource) => [`requests.${resource}`, String(maxGpus)])),
      pods: String(pods),
      "requests.cpu": String(cpuCores),
      "requests.memory": `${memoryGiB}Gi`,
      "requests.ephemeral-storage": `${localDiskGiB}Gi`,
      persistentvolumeclaims: String(volumeClaims),
      ...Object.fromEntries(kinds.map((kind) => [`count/${kind}`, String(objects)])),
      "services.loadbalancers": "0",
      "services.nodeports": "0",
    },
  };
}

/** What a container without its own figures gets, and the most it may name: one that asks for more than any node has would pend for ever. */
export function limitRange({ containers }: QuotaPlan) {
  const { memoryGiB, localDiskGiB, maxCpuCores, maxMemoryGiB } = containers;
  return {
    limits: [
      {
        type: "Container",
        defaultRequest: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "1Gi" },
        // A CPU limit by default would throttle the loading of data beside a GPU that is paid by the hour.
        default: { cpu: String(maxCpuCores), memory: `${memoryGiB}Gi`, "ephemeral-storage": `${localDiskGiB}Gi` },
        max: { cpu: String(maxCpuCores), memory: `${maxMemoryGiB}Gi` },
      },
    ],
  };
}
