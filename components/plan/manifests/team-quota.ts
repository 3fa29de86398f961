import type { QuotaPlan } from "../team/quota";

/** A team's share of the cluster. */
export function quotaSpec({ maxGpus, quota }: QuotaPlan) {
  const { pods, cpuCores, memoryGiB, localDiskGiB, volumeClaims, objects } = quota;
  const kinds = ["jobs.batch", "configmaps", "secrets", "services"];
  return {
    hard: {
      "requests.nvidia.com/gpu": String(maxGpus),
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
