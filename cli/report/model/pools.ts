import { GPU_INSTANCE_PROFILES } from "../../../components/plan/catalogue/gpu-cards";
import { GPU_SIZES, isGpuSize } from "../../../components/plan/catalogue/gpu-sizes";
import { UNUSABLE_GPU_SIZES } from "../../../components/plan/catalogue/unusable-gpu-sizes";
import type { Priority } from "../../../components/plan/sizing/shape";
import { clean } from "../clean";
import { type Json, type JsonObject, listOf, member, numberOf, objectOf, textOf } from "../read/json";
import type { State } from "../read/preview";
import { type Action, type Change } from "./change";
import { overlaps } from "./losses";
import { inputAt, isGpuVmSize, poolLabelOf } from "./things";

/** GPU nodes of one kind, as a pool declares them. */
export interface PoolState {
  readonly size: string;
  readonly priority: Priority;
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly gpusPerNode: number | undefined;
  readonly region: string | undefined;
}

export interface Pool {
  readonly name: string;
  readonly action: Action;
  /** Value of the label by which pods select it. */
  readonly label: string | undefined;
  readonly old: PoolState | undefined;
  readonly new: PoolState | undefined;
  /** Whether old and new nodes stand at the same time. */
  readonly overlaps: boolean;
  /** Whether KAITO makes its nodes, for one run or service; nothing declares a pool then. */
  readonly byKaito?: true;
}

/** Every pool of GPU nodes in the preview: agent pools, those inside a cluster, Karpenter's, and those that only a stack's outputs still tell of. */
export function poolsOf(changes: readonly Change[], region: RegionOf): readonly Pool[] {
  const pools = changes.flatMap((change) => [...agentPool(change, region), ...inlinePools(change, region), ...karpenterPool(change, region)]);
  const seen = new Set(pools.map(({ label, name }) => label ?? name));
  return [...pools, ...changes.flatMap((change) => outputPools(change, region)).filter(({ name }) => !seen.has(name))];
}

/** Azure region of a resource, before and after. */
export type RegionOf = (change: Change, when: "old" | "new") => string | undefined;

function agentPool(change: Change, region: RegionOf): readonly Pool[] {
  if (!/^azure-native:containerservice[^:]*:AgentPool$/.test(change.type)) return [];
  const label = poolLabelOf(inputAt((change.new ?? change.old)?.inputs, "nodeLabels"));
  return pool(change, change.name, label, (state, when) => agentPoolState(state.inputs, region(change, when)));
}

function agentPoolState(inputs: JsonObject, region: string | undefined): PoolState | undefined {
  const size = textOf(inputs["vmSize"]);
  if (size === undefined || !isGpuVmSize(size)) return undefined;
  const count = numberOf(inputs["count"]) ?? 0;
  const scales = inputs["enableAutoScaling"] === true;
  const minNodes = scales ? (numberOf(inputs["minCount"]) ?? 0) : count;
  const maxNodes = scales ? (numberOf(inputs["maxCount"]) ?? count) : count;
  const priority = inputs["scaleSetPriority"] === "Spot" ? "Spot" : "Regular";
  return { size: clean(size, 60), priority, minNodes, maxNodes, gpusPerNode: gpusOf(size, textOf(inputs["gpuInstanceProfile"])), region };
}

function inlinePools(change: Change, region: RegionOf): readonly Pool[] {
  if (!/^azure-native:containerservice[^:]*:ManagedCluster$/.test(change.type)) return [];
  const profilesOf = (state: State | undefined) => listOf(state?.inputs["agentPoolProfiles"]).map(objectOf);
  const names = new Set([...profilesOf(change.old), ...profilesOf(change.new)].flatMap((profile) => textOf(profile["name"]) ?? []));
  return [...names].flatMap((name) =>
    pool(change, clean(name, 60), undefined, (state, when) => {
      const profile = profilesOf(state).find((each) => each["name"] === name);
      return profile && agentPoolState(profile, region(change, when));
    }),
  );
}

function karpenterPool(change: Change, region: RegionOf): readonly Pool[] {
  if (!/^kubernetes:karpenter\.sh\/[^:]+:NodePool$/.test(change.type)) return [];
  const labels = inputAt((change.new ?? change.old)?.inputs, "spec", "template", "metadata", "labels");
  return pool(change, change.name, poolLabelOf(labels), (state, when) => karpenterState(state.inputs, region(change, when)));
}

function karpenterState(inputs: JsonObject, region: string | undefined): PoolState | undefined {
  const requirements = listOf(inputAt(inputs, "spec", "template", "spec", "requirements"));
  const valuesOf = (key: string) => listOf(member(requirements.find((each) => member(each, "key") === key), "values")).filter((each) => typeof each === "string");
  const [size] = valuesOf("karpenter.azure.com/sku-name");
  if (size === undefined || !isGpuVmSize(size)) return undefined;
  const gpus = gpusOf(size, undefined);
  const limit = Number(textOf(inputAt(inputs, "spec", "limits", "nvidia.com/gpu")) ?? "0");
  const maxNodes = gpus !== undefined && gpus > 0 && Number.isFinite(limit) ? Math.floor(limit / gpus) : 0;
  // Where both are allowed the dearer may be what there is.
  const priority = valuesOf("karpenter.sh/capacity-type").every((each) => each === "spot") ? "Spot" : "Regular";
  return { size: clean(size, 60), priority, minNodes: 0, maxNodes, gpusPerNode: gpus, region };
}

/** Pools as the stacks of this library hand them on in the output `platform`: the digest of a preview leaves out what stays. */
function outputPools(change: Change, region: RegionOf): readonly Pool[] {
  if (change.type !== "pulumi:pulumi:Stack") return [];
  const declared = objectOf(member((change.old ?? change.new)?.outputs["platform"], "pools"));
  return Object.entries(declared).flatMap(([name, each]) => {
    const state = outputState(each, region(change, "old"));
    return state ? [{ name: clean(name, 60), action: "same" as const, label: poolLabelOf(member(each, "nodeSelector")) ?? name, old: state, new: state, overlaps: false }] : [];
  });
}

function outputState(declared: Json | undefined, region: string | undefined): PoolState | undefined {
  const size = textOf(member(declared, "size"));
  if (size === undefined || !isGpuVmSize(size)) return undefined;
  const priority = member(declared, "priority") === "Spot" ? "Spot" : "Regular";
  const gpusPerNode = numberOf(member(declared, "gpusPerNode")) ?? gpusOf(size, undefined);
  return { size: clean(size, 60), priority, minNodes: 0, maxNodes: numberOf(member(declared, "maxNodes")) ?? 0, gpusPerNode, region };
}

function pool(change: Change, name: string, label: string | undefined, stateOf: (state: State, when: "old" | "new") => PoolState | undefined): readonly Pool[] {
  const { action } = change;
  const old = change.old && action !== "create" ? stateOf(change.old, "old") : undefined;
  const after = change.new && action !== "delete" ? stateOf(change.new, "new") : undefined;
  return old || after ? [{ name, action, label: label === undefined ? undefined : clean(label, 63), old, new: after, overlaps: overlaps(change) }] : [];
}

/** GPUs of a node, or their slices; undefined where no catalogue has the size. */
export function gpusOf(size: string, profile: string | undefined): number | undefined {
  const gpus = isGpuSize(size) ? GPU_SIZES[size].gpus : UNUSABLE_GPU_SIZES[size]?.gpus;
  if (gpus === undefined || profile === undefined || !isProfile(profile)) return gpus;
  return gpus * GPU_INSTANCE_PROFILES[profile].slices;
}

function isProfile(profile: string): profile is keyof typeof GPU_INSTANCE_PROFILES {
  return Object.hasOwn(GPU_INSTANCE_PROFILES, profile);
}
