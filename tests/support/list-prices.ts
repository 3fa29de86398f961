import { GPU_INSTANCE_PROFILES, type GpuInstanceProfile } from "../../components/plan/catalogue/gpu-cards";
import { hourlyUsd, isGpuSize } from "../../components/plan/catalogue/gpu-sizes";
import { gpuDevices } from "../../components/plan/gpu-pool/hardware";

/** USD per hour, East US, pay as you go, November 2026: what the catalogue of GPU sizes does not hold. */
export const LIST_PRICES = {
  // https://azure.microsoft.com/pricing/details/virtual-machines/linux/
  cpuNode: { Standard_D4s_v5: 0.192, Standard_D4ds_v5: 0.226 } as Readonly<Record<string, number>>,
  // https://azure.microsoft.com/pricing/details/kubernetes-service/
  tier: { Free: 0, Standard: 0.1, Premium: 0.6 } as Readonly<Record<string, number>>,
  // 0.667 and 1.667 USD per day: https://azure.microsoft.com/pricing/details/container-registry/
  registry: { Standard: 0.667 / 24, Premium: 1.667 / 24 } as Readonly<Record<string, number>>,
  // https://azure.microsoft.com/pricing/details/azure-nat-gateway/
  natGateway: 0.045,
  // https://azure.microsoft.com/pricing/details/ip-addresses/
  publicAddress: 0.005,
  // https://azure.microsoft.com/pricing/details/private-link/
  privateEndpoint: 0.01,
  // 0.50 USD per month: https://azure.microsoft.com/pricing/details/dns/
  privateZone: 0.5 / 730,
  // 0.16 USD per month, premium and locally redundant: https://azure.microsoft.com/pricing/details/storage/files/
  shareGiB: 0.16 / 730,
} as const;

/**
 * One node, by its size and priority.
 *
 * @throws Error where no price is known, so that nothing is counted as free by mistake.
 */
export function nodePrice(size: string, spot: boolean): number {
  const usd = isGpuSize(size) ? hourlyUsd(size, spot ? "Spot" : "Regular") : LIST_PRICES.cpuNode[size];
  if (usd === undefined) throw new Error(`no ${spot ? "spot" : "pay-as-you-go"} price of ${size} is known`);
  return usd;
}

/** GPUs of one node, or slices of them; none of a CPU node. */
export function gpusOf(size: string, profile: string | undefined): number {
  if (!isGpuSize(size)) return 0;
  const known = Object.keys(GPU_INSTANCE_PROFILES).find((each): each is GpuInstanceProfile => each === profile);
  return gpuDevices(size, known).gpusPerNode;
}
