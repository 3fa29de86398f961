import * as fs from "node:fs";
import type { JsonObject } from "../values";
import { ArmError } from "./arm-error";
import { flagAt, numberAt, objectsAt, textAt } from "./json";
import type { ResourceRecord } from "./state";

/** Generous, so that only tests that lower it meet it. New subscriptions have 0 for most GPU families. */
const DEFAULT_VCPUS = 10_000;

/**
 * vCPUs per family; `lowPriorityCores` is the one quota that all Spot nodes of a region share; `default` for the rest.
 */
export type Quota = Readonly<Record<string, number>>;

export function readQuota(file: string): Quota {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Quota) : {};
}

/** `Standard_NC24ads_A100_v4` has 24 vCPUs; of `Standard_E16-4ds_v5`, 4 are usable but 16 are counted. */
export function vcpus(vmSize: string): number {
  return Number(/^Standard_[A-Za-z]+(\d+)/i.exec(vmSize)?.[1] ?? 1);
}

/** Families whose names do not follow from their sizes, as `az vm list-usage` prints them. */
const IRREGULAR: readonly (readonly [RegExp, string])[] = [
  [/^Standard_NC\d+as_T4_v3$/i, "Standard NCASv3_T4 Family"],
  [/^Standard_NV\d+adm?s_A10_v5$/i, "StandardNVADSA10v5Family"],
  [/^Standard_NC\d+ads_A10_v4$/i, "StandardNCADSA10v4Family"],
  [/^Standard_ND96asr_(?:A100_)?v4$/i, "Standard NDASv4_A100 Family"],
  [/^Standard_ND96amsr?_A100_v4$/i, "standardNDAMSv4_A100Family"],
  [/^Standard_NC\d+adi?s_H100_v5$/i, "StandardNCadsH100v5Family"],
  [/^Standard_NCC\d+ads_H100_v5$/i, "StandardNCCads2023Family"],
  [/^Standard_ND96isr?f?_H100_v5$/i, "standardNDSH100v5Family"],
  [/^Standard_ND96isr_H200_v5$/i, "standardNDISRH200V5Family"],
];

/** Family name as the usage API spells it: `standardNCADSA100v4Family`, `standardDSv5Family`. */
export function vcpuFamily(vmSize: string): string {
  const irregular = IRREGULAR.find(([sizes]) => sizes.test(vmSize))?.[1];
  if (irregular !== undefined) return irregular;
  const [, series = "", features = "", rest = ""] =
    /^Standard_([A-Za-z]+)\d+(?:-\d+)?([a-z]*)(.*)$/i.exec(vmSize) ?? [];
  return `standard${series.toUpperCase()}${features.toUpperCase()}${rest.replaceAll("_", "")}Family`;
}

interface Pool {
  readonly id: string;
  readonly vmSize: string;
  readonly nodes: number;
  readonly spot: boolean;
}

function poolOf(id: string, pool: JsonObject): Pool {
  // Quota is taken by nodes that run: AKS counts what the pool starts with, not what the autoscaler may add.
  const nodes = Math.max(
    numberAt(pool, "count") ?? 0,
    flagAt(pool, "enableAutoScaling") ? (numberAt(pool, "minCount") ?? 0) : 0,
  );
  return { id, vmSize: textAt(pool, "vmSize") ?? "", nodes, spot: textAt(pool, "scaleSetPriority") === "Spot" };
}

/** Every pool of a cluster: the inline ones under the id they have as resources. */
export function poolsOf(record: ResourceRecord): readonly Pool[] {
  if (record.type.endsWith(":AgentPool")) return [poolOf(record.id, record.outputs)];
  if (!record.type.endsWith(":ManagedCluster")) return [];
  return objectsAt(record.outputs, "agentPoolProfiles").map((pool) =>
    poolOf(`${record.id}/agentPools/${textAt(pool, "name") ?? ""}`, pool),
  );
}

/** Refuses nodes that do not fit (AKS's wording; separate quotas per family and for Spot, Azure/AKS issue 5808). */
export function checkQuota(
  quota: Quota,
  records: readonly ResourceRecord[],
  wanted: ResourceRecord,
  location: string,
): void {
  const pools = poolsOf(wanted);
  const others = records.filter((record) => record.id.toLowerCase() !== wanted.id.toLowerCase()).flatMap(poolsOf);
  for (const pool of pools) {
    const family = quotaName(pool);
    const used = others.filter((other) => quotaName(other) === family).reduce((sum, other) => sum + cores(other), 0);
    const remaining = (quota[family] ?? quota["default"] ?? DEFAULT_VCPUS) - used;
    if (cores(pool) > 0 && cores(pool) > remaining) {
      throw new ArmError(
        400,
        "ErrCode_InsufficientVCPUQuota",
        `Insufficient vcpu quota requested ${cores(pool)}, remaining ${Math.max(0, remaining)} for family ${family} ` +
          `for region ${location}.`,
      );
    }
  }
}

function quotaName(pool: Pool): string {
  return pool.spot ? "lowPriorityCores" : vcpuFamily(pool.vmSize);
}

function cores(pool: Pool): number {
  return pool.nodes * vcpus(pool.vmSize);
}
