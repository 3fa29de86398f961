import { GPU_INSTANCE_PROFILES } from "../../../../components/plan/catalogue/gpu-cards";
import { GPU_SIZES, type GpuSizeFacts, isGpuSize } from "../../../../components/plan/catalogue/gpu-sizes";
import type { JsonObject } from "../../values";
import { ArmError, invalidParameter } from "../arm-error";
import { flagAt, numberAt, objectAt, textAt, textsAt } from "../json";
import { minorOf } from "./kubernetes-versions";

/** Limits that AKS applies to a pool, inline or on its own. `parameter` prefixes are those of its messages. */
export function validatePool(pool: JsonObject, mode: string): void {
  validateScale(pool, mode);
  validateSpot(pool, mode);
  validateUpgrade(pool);
  validatePartition(pool);
  validateNodes(pool);
}

function validateSpot(pool: JsonObject, mode: string): void {
  const spot = textAt(pool, "scaleSetPriority") === "Spot";
  if (spot && mode === "System") {
    throw invalidParameter("agentPoolProfile.scaleSetPriority", "System node pools can't be Spot.");
  }
  const upgrade = objectAt(pool, "upgradeSettings");
  // Azure/bicep-types-az issue 2217, hashicorp/terraform-provider-azurerm pull 31129.
  if (spot && upgrade?.["maxSurge"] !== undefined) {
    throw invalidParameter("agentPoolProfile.upgrade.maxSurge", "Spot pools can't set max surge.");
  }
  if (spot && upgrade?.["maxUnavailable"] !== undefined) {
    throw invalidParameter("agentPoolProfile.upgradeSettings.maxUnavailable", "Spot pools can't set maxUnavailable.");
  }
  if (!spot && pool["scaleSetEvictionPolicy"] !== undefined) {
    throw invalidParameter("agentPoolProfile.scaleSetEvictionPolicy", "Only Spot pools can set an eviction policy.");
  }
  if (!spot && pool["spotMaxPrice"] !== undefined) {
    throw invalidParameter("agentPoolProfile.spotMaxPrice", "Only Spot pools can set a max price.");
  }
  const price = numberAt(pool, "spotMaxPrice");
  if (price !== undefined && price !== -1 && price <= 0) {
    throw invalidParameter("agentPoolProfile.spotMaxPrice", "The max price must be -1 or greater than 0.");
  }
  // learn.microsoft.com/azure/virtual-machines/capacity-reservation-overview, limitations and restrictions.
  if (spot && pool["capacityReservationGroupID"] !== undefined) {
    throw invalidParameter("agentPoolProfile.capacityReservationGroupID", "Spot pools can't use a capacity reservation group.");
  }
}

/** learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling: the two settings exclude each other. */
function validateUpgrade(pool: JsonObject): void {
  const upgrade = objectAt(pool, "upgradeSettings");
  const none = (setting: string, otherwise: string) => ["0", "0%"].includes(textAt(upgrade, setting) ?? otherwise);
  if (upgrade && none("maxSurge", "10%") && none("maxUnavailable", "0")) {
    throw invalidParameter("agentPoolProfile.upgradeSettings", "maxSurge and maxUnavailable can't both be 0.");
  }
  if (upgrade && !none("maxSurge", "10%") && !none("maxUnavailable", "0")) {
    throw invalidParameter("agentPoolProfile.upgradeSettings", "maxUnavailable needs maxSurge 0.");
  }
}

/** learn.microsoft.com/azure/aks/gpu-multi-instance */
function validatePartition(pool: JsonObject): void {
  const profile = textAt(pool, "gpuInstanceProfile");
  if (profile === undefined) return;
  const size = textAt(pool, "vmSize") ?? "";
  if (!Object.hasOwn(GPU_INSTANCE_PROFILES, profile) || !gpuFacts(size)?.slices) {
    throw invalidParameter("agentPoolProfile.gpuInstanceProfile", `VM size ${size} does not support the GPU instance profile ${profile}.`);
  }
}

/** learn.microsoft.com/azure/aks: concepts-network-ip-address-planning, use-labels, availability-zones; virtual-machines/ephemeral-os-disks */
function validateNodes(pool: JsonObject): void {
  const maxPods = numberAt(pool, "maxPods");
  if (maxPods !== undefined && (maxPods < 10 || maxPods > 250)) {
    throw invalidParameter("agentPoolProfile.maxPods", `maxPods ${maxPods} must be from 10 to 250.`);
  }
  const zone = textsAt(pool, "availabilityZones").find((each) => !["1", "2", "3"].includes(each));
  if (zone !== undefined) throw invalidParameter("agentPoolProfile.availabilityZones", `Zone ${zone} is none of 1, 2, 3.`);
  const reserved = Object.keys(objectAt(pool, "nodeLabels") ?? {}).find(
    (key) => key === "agentpool" || (key.startsWith("kubernetes.azure.com/") && key !== "kubernetes.azure.com/scalesetpriority"),
  );
  if (reserved !== undefined) throw invalidParameter("agentPoolProfile.nodeLabels", `The label ${reserved} is reserved.`);
  if (textAt(pool, "osDiskType") === "Ephemeral" && !fitsEphemeral(pool, gpuFacts(textAt(pool, "vmSize") ?? "")?.tempDiskGiB === undefined)) {
    throw invalidParameter("agentPoolProfile.osDiskType", "The VM size's local disk is smaller than the requested ephemeral OS disk.");
  }
}

/** Whether a local disk holds the operating system; `unknown` is the answer for sizes whose disks nobody wrote down. */
export function fitsEphemeral(pool: JsonObject, unknown = false): boolean {
  const disk = gpuFacts(textAt(pool, "vmSize") ?? "")?.tempDiskGiB;
  return disk === undefined ? unknown : Math.min(disk, 2048) >= (numberAt(pool, "osDiskSizeGB") ?? 128);
}

function gpuFacts(vmSize: string): GpuSizeFacts | undefined {
  return isGpuSize(vmSize) ? GPU_SIZES[vmSize] : undefined;
}

/** Wording of NodePoolMcVersionIncompatible as in learn.microsoft.com/azure/aks/use-multiple-node-pools, upgrade a node pool. */
export function validatePoolVersion(pool: JsonObject, clusterVersion: string | undefined): void {
  const version = textAt(pool, "orchestratorVersion");
  if (version === undefined || clusterVersion === undefined) return;
  const behind = Number(minorOf(clusterVersion).slice(2)) - Number(minorOf(version).slice(2));
  if (behind >= 0 && behind <= 2) return;
  const rule =
    behind < 0
      ? "Minor version of node pool version cannot be bigger than control plane version."
      : "Node pool version cannot be more than 2 minor versions behind control plane version.";
  throw new ArmError(
    400,
    "NodePoolMcVersionIncompatible",
    `Node pool version ${version} and control plane version ${clusterVersion} are incompatible. ${rule}`,
  );
}

function validateScale(pool: JsonObject, mode: string): void {
  const [count, min, max] = ["count", "minCount", "maxCount"].map((field) => numberAt(pool, field));
  const least = mode === "System" ? 1 : 0;
  if (flagAt(pool, "enableAutoScaling") !== true) {
    if (min !== undefined || max !== undefined) {
      throw invalidParameter("agentPoolProfile.minCount", "minCount and maxCount need enableAutoScaling.");
    }
    if ((count ?? 1) < least || (count ?? 1) > 1000) {
      throw invalidParameter("agentPoolProfile.count", `The count of a ${mode} pool must be from ${least} to 1000.`);
    }
    return;
  }
  if (min === undefined || max === undefined || min < least || max < Math.max(1, min) || max > 1000) {
    throw invalidParameter(
      "agentPoolProfile.minCount",
      `With autoscaling a ${mode} pool needs ${least} <= minCount <= maxCount <= 1000.`,
    );
  }
  if (count !== undefined && (count < min || count > max)) {
    throw invalidParameter("agentPoolProfile.count", `count ${count} must be from minCount ${min} to maxCount ${max}.`);
  }
}
