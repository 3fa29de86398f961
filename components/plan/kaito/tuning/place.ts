import type { GpuSize } from "../../catalogue/gpu-sizes";
import type { KubernetesVersion } from "../../catalogue/kubernetes-versions";
import type { Toleration } from "../../gpu-pool/decisions";
import type { PoolDevices } from "../../gpu-pool/devices";
import { devicesOf, isSliced, WHOLE_GPU } from "../../gpu-pool/devices";
import { type Problem, within } from "../../refuse";
import type { Priority } from "../../sizing/shape";
import { choiceProblems } from "../../spelling";
import { isTolerated, matchLabelsOf, OWN_LABELS, toleratedText } from "../own-nodes";
import type { KaitoInstallation, KaitoVersion } from "./preset";

/** A pool of one's own, as far as KAITO looks at it. A `PoolRef` is one. */
export interface KaitoPool extends PoolDevices {
  readonly priority: Priority;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Every label of its nodes, where they are known. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  /** Least nodes, where they are known. */
  readonly minNodes?: number;
  readonly kubernetesVersion: KubernetesVersion;
  readonly osSku: string;
}

/** Where a run of KAITO's takes place: on a node that KAITO buys, or on a pool of one's own. */
export interface KaitoPlace {
  readonly size?: GpuSize;
  readonly pool?: KaitoPool;
}

/** What a Workspace is called, and where it is. */
export interface WorkspaceName {
  readonly name: string;
  readonly namespace: string;
}

/** Everything that is wrong with the place, but for the size of its nodes. */
export function placeProblems(workspace: WorkspaceName, place: KaitoPlace, kaito: KaitoInstallation): Problem[] {
  const provisioning = provisionerProblems(kaito);
  if ((place.size === undefined) === (place.pool === undefined)) return [...provisioning, ...oneOfTwo(place)];
  if (place.pool === undefined || provisioning.length > 0) return provisioning;
  const mode = poolModeProblems(place.pool, kaito);
  if (mode.length > 0) return mode;
  return within("pool", [...labelProblems(workspace, place.pool), ...poolProblems(place.pool), ...tolerationProblems(place.pool, kaito)]);
}

/** Own nodes cannot tune in byo mode: the type must be empty, and is looked up all the same (pkg/workspace/tuning/preset_tuning.go). */
function provisionerProblems({ version, facts, nodeProvisioner }: KaitoInstallation): Problem[] {
  const path = "kaito.nodeProvisioner";
  const unknown = choiceProblems("AKSFT-KAITO-24", path, nodeProvisioner, facts.nodeProvisioners);
  if (unknown.length > 0) return unknown.map((problem) => ({ ...problem, rule: `is no way of KAITO ${version} to make nodes: ${facts.nodeProvisioners.join(", ")}` }));
  if (nodeProvisioner !== "byo") return [];
  const rule =
    facts.ownNodes.byoInstanceType === "none"
      ? "cannot tune: the operator takes no instance type there, and looks its GPUs up by it"
      : "is not known to tune: it takes an instance type since kaito-project/kaito#2360, and nobody has shown a run there";
  return [{ code: "AKSFT-KAITO-25", path, got: nodeProvisioner, rule, fix: 'install KAITO with "azure-gpu-provisioner", which takes pools of your own too, or use engine "job"' }];
}

function oneOfTwo({ size, pool }: KaitoPlace): Problem[] {
  const rule = "a run is on nodes that KAITO buys, or on a pool of your own, on one of the two";
  const got = size === undefined ? undefined : ["size", "pool"];
  return [{ code: "AKSFT-KAITO-30", path: "size", got, rule, fix: pool === undefined ? 'give size, for example "Standard_NC24ads_A100_v4"' : "remove size or pool" }];
}

function poolModeProblems({ priority }: KaitoPool, { version, facts, nodeProvisioner }: KaitoInstallation): Problem[] {
  const [code, path] = ["AKSFT-KAITO-26", "pool"] as const;
  const fix = 'give size instead, or use engine "job"';
  if (!facts.ownNodes.byLabels) {
    const rule = `takes no part with KAITO ${version}, which counts nodes of its own alone`;
    return [{ code, path, got: `${priority} pool`, rule, fix }];
  }
  if (nodeProvisioner === "azure-gpu-provisioner") return [];
  const rule = `takes no part with node provisioner ${nodeProvisioner}, whose runs wait for nodes that it has made`;
  return [{ code, path, got: `${priority} pool`, rule, fix: `${fix}; pools of your own are for "azure-gpu-provisioner"` }];
}

/** Without them the operator asks for a node that nobody makes, and waits: kaito-project/kaito#2201. */
function labelProblems(workspace: WorkspaceName, { nodeSelector, labels = {} }: KaitoPool): Problem[] {
  const all = { ...nodeSelector, ...labels };
  const wanted = { [OWN_LABELS.name]: workspace.name, [OWN_LABELS.namespace]: workspace.namespace };
  const missing = Object.entries(wanted).filter(([key, value]) => all[key] !== value);
  if (missing.length === 0 && Object.keys(matchLabelsOf(nodeSelector)).length > 0) return [];
  const code = "AKSFT-KAITO-27";
  if (missing.length === 0) {
    const rule = "has no label that KAITO selects nodes by: those of its own do not count";
    return [{ code, path: "nodeSelector", got: nodeSelector, rule, fix: 'add one of yours, for example "example.com/pool"' }];
  }
  return missing.map(([key, value]) => {
    const rule = `the nodes of a Workspace carry ${key}=${value}, or KAITO waits for one that nobody makes`;
    return { code, path: `labels.${key}`, got: all[key], rule, fix: `make the pool with the label ${key}: "${value}"` };
  });
}

function poolProblems(pool: KaitoPool): Problem[] {
  const problems: Problem[] = [];
  if (pool.priority === "Spot") {
    const rule = "is spot: KAITO keeps no checkpoint, so that each eviction starts the run again from nothing";
    problems.push({ code: "AKSFT-KAITO-28", path: "priority", got: pool.priority, rule, fix: 'use a pool of priority "Regular", or engine "job", which resumes' });
  }
  if (pool.minNodes === 0) {
    const rule = "must be at least 1: a node that is not there when the Workspace is made is asked for, and nobody makes it";
    problems.push({ code: "AKSFT-KAITO-31", path: "minNodes", got: 0, rule, fix: "use 1 while the run lasts" });
  }
  if (isSliced(pool) || devicesOf(pool).gpuResource !== WHOLE_GPU) {
    const rule = "is no whole GPU, which KAITO's tuning asks for";
    problems.push({ code: "AKSFT-KAITO-32", path: "gpuResource", got: devicesOf(pool).gpuResource, rule, fix: 'use a pool of whole GPUs, or engine "job"' });
  }
  return problems;
}

function tolerationProblems({ tolerations }: KaitoPool, { version, facts }: KaitoVersion): Problem[] {
  const tolerated = facts.tolerates.tuning;
  const others = tolerations.filter((toleration) => !isTolerated(toleration, tolerated));
  return others.map(({ key, value, effect }): Problem => {
    const rule = `is a taint that tuning pods of KAITO ${version} do not tolerate: they do ${toleratedText(tolerated)}`;
    return { code: "AKSFT-KAITO-29", path: "tolerations", got: `${key}=${value}:${effect}`, rule, fix: "use a pool with the taint sku=gpu:NoSchedule alone" };
  });
}
