import type { Problem } from "../refuse";
import type { GpuSize } from "./gpu-sizes";
import { LASTING_TUNABLE_PRESETS, OLD_TUNABLE_PRESETS, TUNABLE_PRESETS } from "./kaito-presets";
import { KAITO_SIZES, KAITO_SIZES_WITH_T4 } from "./kaito-sizes";
import { isRetiringKaitoPreset } from "./retiring-kaito-presets";

/** What makes a Workspace's nodes, as KAITO's chart calls it in `nodeProvisioner`; the AKS add-on has the first alone. */
export const KAITO_NODE_PROVISIONERS = ["azure-gpu-provisioner", "karpenter", "byo"] as const;
/**
 * What makes a Workspace's nodes: the GPU provisioner, Karpenter (node auto-provisioning), or nobody, for nodes of one's own.
 * @useDeclaredType
 */
export type KaitoNodeProvisioner = (typeof KAITO_NODE_PROVISIONERS)[number];

/** What one version of KAITO takes and does. */
export interface KaitoVersionFacts {
  /** How it is had: with the AKS add-on, which names no version, as a Helm chart, or not released yet. */
  readonly channel: "add-on" | "chart" | "unreleased";
  /** Version of the Helm chart `workspace`. */
  readonly chart?: string;
  /** Version of the API that Workspaces are written in. */
  readonly workspaceApi: "kaito.sh/v1beta1";
  /** Version of the API that InferenceSets are written in; absent where there are none. */
  readonly inferenceSetApi?: "kaito.sh/v1alpha1" | "kaito.sh/v1beta1";
  /** What can make nodes. */
  readonly nodeProvisioners: readonly KaitoNodeProvisioner[];
  /** Presets that it tunes, by the last part of their name in lower case. */
  readonly tunablePresets: readonly string[];
  /** Those of them that the release after this version no longer has. */
  readonly retiringPresets: readonly string[];
  /** What it serves: the presets of its own catalogue, or any `org/model` of Hugging Face besides. */
  readonly serves: "presets" | "any-model";
  /** Sizes that it can buy nodes of, and run on. Any other that starts with Standard_N is admitted, bought, and then fails. */
  readonly sizes: readonly GpuSize[];
  /** How it treats nodes of one's own. */
  readonly ownNodes: KaitoOwnNodes;
  /** Whether it still has the presets that kaito-project/kaito#2356 retires. */
  readonly hasRetiringPresets: boolean;
  /** What it counts the nodes of a service by: the preset's own figure, or a formula of `sizing/kaito/formulas.ts`. */
  readonly nodesBy: "figure" | "formula";
  /** Whether a service can name a performance mode. */
  readonly performanceModes: boolean;
  /** Least rank that its vLLM has room for. */
  readonly leastLoraRank: number;
  /** Taints that its pods tolerate. */
  readonly tolerates: { readonly tuning: readonly ToleratedTaint[]; readonly serving: readonly ToleratedTaint[] };
  /** Whether it ever asks for spot capacity. */
  readonly buysSpot: boolean;
  /** Strictest Pod Security level that admits its pods, which name no security context: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
  readonly podSecurity: "baseline" | "privileged";
  /** Whether an `image` in a volumeSource reaches the pod; the schema takes anything, the operator drops what its Kubernetes client does not know. */
  readonly imageVolumes: boolean;
  /** Where the tuning pod has the push secret's `.dockerconfigjson`. */
  readonly pushSecretMount: "/root/.docker";
  /** Most adapters of one service, which is checked of new objects alone: api/v1beta1/workspace_validation.go (MaxAdaptersNumber). */
  readonly mostAdapters: number;
  /** What its tuning program can be told. */
  readonly trainer: KaitoTrainerFacts;
  /** Where all of this stands. */
  readonly source: string;
}

/** A taint with effect NoSchedule that pods tolerate; no other effect is. */
export interface ToleratedTaint {
  readonly key: string;
  /** Absent where any value is tolerated. */
  readonly value?: string;
}

/** Own nodes under one version. */
export interface KaitoOwnNodes {
  /** Whether a Workspace in byo mode names an instance type: never, or as a filter of nodes (kaito-project/kaito#2360). */
  readonly byoInstanceType: "none" | "filter";
  /**
   * Whether a node with the labels kaito.sh/workspace and kaito.sh/workspacenamespace counts as the Workspace's own where the GPU provisioner
   * makes nodes: kaito-project/kaito#2161 (June 2026) and #2201 (July 2026).
   */
  readonly byLabels: boolean;
}

/** The tuning program of one version: https://github.com/kaito-project/kaito/tree/main/presets/workspace/tuning/text-generation */
export interface KaitoTrainerFacts {
  /** Keys of the section TrainingArguments: TRL's SFTConfig, or transformers' class of that name, which knows neither max_length nor packing. */
  readonly arguments: "SFTConfig" | "TrainingArguments";
  /** Longest row that it cuts to, in tokens, where that cannot be set; TRL's default. */
  readonly fixedLength?: number;
  /**
   * Whether activations can be computed again on a base of 16 bits. The older program neither lets gradients into the frozen input nor turns
   * re-entrant checkpoints off, and PyTorch then has no gradient to start from.
   */
  readonly checkpointsLora: boolean;
}

/** https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/tuning/preset_tuning.go */
const TUNING_TOLERATES: readonly ToleratedTaint[] = [{ key: "sku", value: "gpu" }, { key: "gpu", value: "" }];
/** https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/workspace/inference/preset_inferences.go */
const SERVING_TOLERATES: readonly ToleratedTaint[] = [{ key: "sku", value: "gpu" }, { key: "nvidia.com/gpu" }];
/** kaito-project/kaito#1870 */
const SPOT: ToleratedTaint = { key: "kubernetes.azure.com/scalesetpriority", value: "spot" };
const FROM_0_12 = {
  workspaceApi: "kaito.sh/v1beta1",
  inferenceSetApi: "kaito.sh/v1beta1",
  nodeProvisioners: KAITO_NODE_PROVISIONERS,
  serves: "any-model",
  sizes: KAITO_SIZES,
  nodesBy: "formula",
  performanceModes: true,
  leastLoraRank: 1,
  tolerates: { tuning: [...TUNING_TOLERATES, SPOT], serving: [...SERVING_TOLERATES, SPOT] },
  buysSpot: false,
  podSecurity: "baseline",
  // go.mod: k8s.io/api 0.34 or later.
  imageVolumes: true,
  pushSecretMount: "/root/.docker",
  mostAdapters: 10,
  trainer: { arguments: "SFTConfig", checkpointsLora: true },
} as const;

/** Versions of KAITO that the library drives. 0.10 is not among them: nothing but its node count was looked up. */
export const KAITO_VERSION_FACTS = {
  "0.6": {
    channel: "add-on",
    workspaceApi: "kaito.sh/v1beta1",
    nodeProvisioners: ["azure-gpu-provisioner"],
    tunablePresets: [...Object.keys(TUNABLE_PRESETS), ...Object.keys(OLD_TUNABLE_PRESETS)],
    // What 0.12 no longer tunes; AKS says of no version when the add-on moves on.
    retiringPresets: Object.keys(OLD_TUNABLE_PRESETS),
    serves: "presets",
    sizes: KAITO_SIZES_WITH_T4,
    hasRetiringPresets: true,
    nodesBy: "figure",
    performanceModes: false,
    // The vLLM in its image knows no rank below 8.
    leastLoraRank: 8,
    ownNodes: { byoInstanceType: "none", byLabels: false },
    tolerates: { tuning: TUNING_TOLERATES, serving: SERVING_TOLERATES },
    buysSpot: false,
    podSecurity: "baseline",
    // No k8s.io/api that knows image volumes (0.31) was seen in its go.mod: the volume would be an empty one.
    imageVolumes: false,
    pushSecretMount: "/root/.docker",
    mostAdapters: 10,
    trainer: { arguments: "TrainingArguments", fixedLength: 1024, checkpointsLora: false },
    source: "https://github.com/kaito-project/kaito/tree/v0.6.0",
  },
  "0.12": {
    ...FROM_0_12,
    channel: "chart",
    chart: "0.12.0",
    tunablePresets: Object.keys(TUNABLE_PRESETS),
    retiringPresets: Object.keys(TUNABLE_PRESETS).filter(isRetiringKaitoPreset),
    hasRetiringPresets: true,
    ownNodes: { byoInstanceType: "none", byLabels: true },
    source: "https://github.com/kaito-project/kaito/tree/v0.12.0",
  },
  main: {
    ...FROM_0_12,
    channel: "unreleased",
    tunablePresets: LASTING_TUNABLE_PRESETS,
    retiringPresets: [],
    hasRetiringPresets: false,
    ownNodes: { byoInstanceType: "filter", byLabels: true },
    source: "https://github.com/kaito-project/kaito/pull/2356",
  },
} as const satisfies Record<string, KaitoVersionFacts>;

/** A version that the library drives. */
export type DrivenKaitoVersion = keyof typeof KAITO_VERSION_FACTS;

/** A version without its patch, which a chart and a pod's image name. */
export function kaitoMinor(version: string): string {
  return /^v?(\d+\.\d+)(?:\.\d+)?$/.exec(version)?.[1] ?? version;
}

/** A version, with or without its patch; undefined for one that is not known. */
export function drivenKaitoVersion(version: string): DrivenKaitoVersion | undefined {
  const minor = kaitoMinor(version);
  return (Object.keys(KAITO_VERSION_FACTS) as DrivenKaitoVersion[]).find((each) => each === minor);
}

/** The way out of every version that is not known. */
export const KAITO_VERSION_FIX = "use the one of these that the cluster runs";

/** What a version does; of one that is not known, undefined. */
export function kaitoFacts(version: string): KaitoVersionFacts | undefined {
  const driven = drivenKaitoVersion(version);
  return driven && KAITO_VERSION_FACTS[driven];
}

/** A version between two known ones may do like neither, and the one with the likest name is as good a guess as any, so none is proposed. */
export function kaitoVersionProblems(path: string, version: string): Problem[] {
  if (kaitoFacts(version)) return [];
  const known = Object.keys(KAITO_VERSION_FACTS);
  const rule = `is no version of KAITO that is known here: ${known.join(", ")}`;
  return [{ code: "AKSFT-KAITO-05", path, got: version, rule, fix: KAITO_VERSION_FIX }];
}
