import { type GpuSize, type GpuSizeFacts, hourlyUsd } from "../catalogue/gpu-sizes";
import { IMAGE_VOLUMES } from "../catalogue/kubernetes-versions";
import type { GpuPoolPlan } from "./decisions";
import type { Problem } from "../refuse";

type Warned = Pick<GpuPoolPlan, "minNodes" | "driver" | "osSku" | "priority"> & { readonly size: GpuSize };

/** What is allowed and should be known before it is paid for. */
export function poolWarnings(facts: GpuSizeFacts, { minNodes, driver, osSku, size, priority }: Warned): Problem[] {
  const hourly = hourlyUsd(size, priority);
  const price = hourly === undefined ? "the price of its size" : `${(minNodes * hourly).toFixed(2)} USD per hour`;
  return [
    ...(minNodes > 0
      ? [warning(51, "minNodes", minNodes, `the pool is paid for when idle, ${price}`, "use 0 unless work must begin at once")]
      : []),
    ...(driver === "None"
      ? [warning(52, "driver", driver, "nothing installs a driver or a device plugin on these nodes", "install NVIDIA's GPU Operator, its only owner then")]
      : []),
    ...(osSku !== IMAGE_VOLUMES.osSku
      ? [warning(53, "osSku", osSku, osRule(osSku), `use "${IMAGE_VOLUMES.osSku}"`)]
      : []),
    ...(priority === "Spot" && !facts.spotMeter
      ? [warning(54, "priority", priority, `no spot price of ${size} was found, so it may not be sold as spot`, 'use "Regular" if none comes up')]
      : []),
  ];
}

/** https://learn.microsoft.com/azure/aks/use-nvidia-gpu#limitations */
function osRule(osSku: string): string {
  const patches = osSku.startsWith("AzureLinux") ? " and gets no automatic security patches on GPU nodes" : "";
  return `mounts no image volumes, which runs and services of this library need${patches}`;
}

function warning(number: number, path: string, got: unknown, rule: string, fix: string): Problem {
  return { code: `AKSFT-POOL-${number}`, path, got, rule, fix };
}
