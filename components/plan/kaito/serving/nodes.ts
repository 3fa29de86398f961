import { GPU_SIZE_NAMES, type GpuSize, isGpuSize } from "../../catalogue/gpu-sizes";
import { KAITO_MISSPELT_SIZES } from "../../catalogue/kaito-sizes";
import { type DrivenKaitoVersion, KAITO_NODE_PROVISIONERS, KAITO_VERSION_FACTS, type KaitoNodeProvisioner } from "../../catalogue/kaito-versions";
import type { Toleration } from "../../gpu-pool";
import { deviceProblems, devicesOf, isSliced, type PoolDevices, WHOLE_GPU } from "../../gpu-pool/devices";
import { type Problem, within } from "../../refuse";
import { choiceProblems, oneOf } from "../../spelling";
import { isTolerated, matchLabelsOf, toleratedText } from "../own-nodes";

/** As much of a pool as KAITO's own-nodes mode goes by. */
export interface KaitoPool extends PoolDevices {
  readonly maxNodes: number;
  /** Undefined where it is not known. */
  readonly minNodes?: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
}

export interface NodeChoice {
  readonly nodeProvisioner: KaitoNodeProvisioner;
  readonly size?: GpuSize;
  readonly pool?: KaitoPool;
}

/** In place of a size that is missing, so that the other faults are listed: it limits little. */
const ANY_SIZE: GpuSize = "Standard_ND96isr_H200_v5";

/** VM size of the nodes, of a faultless choice. */
export function sizeOf({ size, pool }: NodeChoice): GpuSize {
  return size ?? pool?.size ?? ANY_SIZE;
}

/** Whether KAITO looks for nodes, and makes none. */
export function usesOwnNodes({ nodeProvisioner }: NodeChoice): boolean {
  return nodeProvisioner === "byo";
}

/** Who makes the nodes, and whether that fits the version. */
export function nodeChoiceProblems(choice: NodeChoice, version: DrivenKaitoVersion): Problem[] {
  const { nodeProvisioner, size, pool } = choice;
  const known: readonly string[] = KAITO_VERSION_FACTS[version].nodeProvisioners;
  if (!known.includes(nodeProvisioner)) {
    return choiceProblems("AKSFT-KAITO-41", "kaito.nodeProvisioner", nodeProvisioner, known.length > 0 ? known : KAITO_NODE_PROVISIONERS);
  }
  const both = size !== undefined && pool !== undefined;
  if (both || (size === undefined && pool === undefined)) {
    const fix = usesOwnNodes(choice) ? "leave size out and give the pool" : 'give size alone, for example "Standard_NC24ads_A100_v4"';
    const got = both ? "size and pool" : "neither size nor pool";
    return [{ code: "AKSFT-KAITO-41", path: "size", got, rule: "must be one of size, for nodes that KAITO makes, and pool, for nodes of one's own", fix }];
  }
  if (usesOwnNodes(choice) && size !== undefined) {
    const rule = 'KAITO with nodeProvisioner "byo" makes no nodes, and refuses an object that names a size';
    return [{ code: "AKSFT-KAITO-41", path: "size", got: size, rule, fix: "give a pool in its place" }];
  }
  if (!usesOwnNodes(choice) && pool !== undefined) {
    const rule = `KAITO with nodeProvisioner "${nodeProvisioner}" makes a node set of its own for each copy and labels it; its pods run on no other`;
    return [{ code: "AKSFT-KAITO-41", path: "pool", got: pool.size, rule, fix: `give size "${pool.size}" in its place, or engine "vllm" on this pool` }];
  }
  return pool === undefined ? unmadeProblems(size) : within("pool", poolProblems(pool, version));
}

/** Sizes that admission lets through by their prefix although KAITO finds nothing under their name. */
function unmadeProblems(size: GpuSize | undefined): Problem[] {
  if (size === undefined) return [];
  if (!isGpuSize(size)) {
    const rule = "is no GPU size that is known here, and KAITO's admission lets any through that starts with Standard_N";
    return [{ code: "AKSFT-KAITO-59", path: "size", got: size, rule, fix: oneOf(size, GPU_SIZE_NAMES) }];
  }
  const misspelt = KAITO_MISSPELT_SIZES[size];
  if (misspelt === undefined) return [];
  const rule = `is admitted by its prefix and then not found in KAITO's table, which spells it ${misspelt}, a size that Azure has not`;
  return [{ code: "AKSFT-KAITO-59", path: "size", got: size, rule, fix: 'use "Standard_ND96amsr_A100_v4", or engine "vllm"' }];
}

/** Whether KAITO finds the pool's nodes, and its pods may land on them. */
function poolProblems(pool: KaitoPool, version: DrivenKaitoVersion): Problem[] {
  const faults = deviceProblems(pool);
  return [...faults, ...(faults.length > 0 ? [] : sliceProblems(pool)), ...tolerationProblems(pool, version), ...selectorProblems(pool)];
}

function sliceProblems(pool: KaitoPool): Problem[] {
  const { gpuResource } = devicesOf(pool);
  if (!isSliced(pool) && gpuResource === WHOLE_GPU) return [];
  const rule = `KAITO's pods ask for ${WHOLE_GPU}, all of a node's, and this pool has slices (${gpuResource})`;
  return [{ code: "AKSFT-KAITO-52", path: "gpuResource", got: gpuResource, rule, fix: 'use a pool of whole GPUs, or engine "vllm"' }];
}

function tolerationProblems({ tolerations }: KaitoPool, version: DrivenKaitoVersion): Problem[] {
  const tolerated = KAITO_VERSION_FACTS[version].tolerates.serving;
  return tolerations.flatMap((toleration, index) => {
    if (isTolerated(toleration, tolerated)) return [];
    const { key, value, effect } = toleration;
    const rule = `is a taint that inference pods of KAITO ${version} do not tolerate: they do ${toleratedText(tolerated)}`;
    const fix = 'use a pool without it, or engine "vllm"';
    return [{ code: "AKSFT-KAITO-52", path: `tolerations[${index}]`, got: `${key}=${value}:${effect}`, rule, fix }];
  });
}

function selectorProblems({ nodeSelector }: KaitoPool): Problem[] {
  const keys = Object.keys(nodeSelector);
  if (keys.length > 0 && keys.length === Object.keys(matchLabelsOf(nodeSelector)).length) return [];
  const rule = keys.length === 0 ? "is empty, and every node of the cluster would count" : "has labels of KAITO's own, which it leaves out of the selection";
  const fix = 'select the pool by a label of its own, for example { "aks-fine-tuning.dev/pool": "serve" }';
  return [{ code: "AKSFT-KAITO-52", path: "nodeSelector", got: nodeSelector, rule, fix }];
}

/** Copies and the nodes of each, against what there may be. */
export interface NodeNeeds {
  readonly replicas: number;
  readonly nodesEach: number;
  readonly maxNodes: number | undefined;
}

/** Our own cap, as KAITO's nodeCountLimit limits nothing; and what a pool has and may grow to. */
export function nodeCountProblems(choice: NodeChoice, { replicas, nodesEach, maxNodes }: NodeNeeds): Problem[] {
  const all = replicas * nodesEach;
  const counted = `${replicas} ${replicas === 1 ? "copy" : "copies"} of ${nodesEach} ${nodesEach === 1 ? "node" : "nodes"}`;
  const capped: Problem[] =
    maxNodes === undefined || all <= maxNodes
      ? []
      : [{ code: "AKSFT-KAITO-54", path: "maxNodes", got: maxNodes, rule: `${counted} take ${all} in all`, fix: `use ${all}, or fewer replicas` }];
  return choice.pool === undefined || all === 0 ? capped : [...capped, ...within("pool", roomProblems(choice.pool, replicas, nodesEach, counted))];
}

function roomProblems({ minNodes, maxNodes }: KaitoPool, replicas: number, nodesEach: number, counted: string): Problem[] {
  const problems: Problem[] = [];
  if (minNodes !== undefined && minNodes < nodesEach) {
    const rule = `KAITO refuses the object unless the nodes of one copy, ${nodesEach}, are there when it is made, and its pods wait for them without asking for more`;
    problems.push({ code: "AKSFT-KAITO-53", path: "minNodes", got: minNodes, rule, fix: `use ${nodesEach}` });
  }
  // A set that takes over stands beside the one it replaces.
  const most = 2 * replicas * nodesEach;
  if (maxNodes < most) {
    const rule = `${counted} take ${replicas * nodesEach} in all, and ${most} while a set takes over from another`;
    problems.push({ code: "AKSFT-KAITO-53", path: "maxNodes", got: maxNodes, rule, fix: `use ${most}` });
  }
  if (nodesEach > 1 && replicas > 1) {
    const rule = `copies of ${nodesEach} nodes each take them from one pool one by one, until none has all of its own (kaito-project/kaito#2174)`;
    problems.push({ code: "AKSFT-KAITO-53", path: "size", got: `${replicas} replicas`, rule, fix: `use replicas 1, or a size of which one node holds the model` });
  }
  return problems;
}
