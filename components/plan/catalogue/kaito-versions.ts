import { oneOf } from "../spelling";
import type { Problem } from "../refuse";

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
  /** Presets that it tunes, by the last part of their name. */
  readonly tunablePresets: readonly string[];
  /** Where all of this stands. */
  readonly source: string;
}

const OF_THE_CATALOGUE = [
  "phi-4",
  "phi-4-mini-instruct",
  "phi-3-mini-4k-instruct",
  "phi-3-mini-128k-instruct",
  "phi-3-medium-4k-instruct",
  "phi-3-medium-128k-instruct",
  "phi-3.5-mini-instruct",
  "qwen2.5-coder-7b-instruct",
  "qwen2.5-coder-32b-instruct",
];

/** Versions of KAITO that the library drives. */
export const KAITO_VERSION_FACTS = {
  "0.6": {
    channel: "add-on",
    workspaceApi: "kaito.sh/v1beta1",
    nodeProvisioners: ["azure-gpu-provisioner"],
    tunablePresets: [...OF_THE_CATALOGUE, "falcon-7b", "falcon-40b", "mistral-7b", "phi-2"],
    source: "https://github.com/kaito-project/kaito/tree/v0.6.0",
  },
  "0.12": {
    channel: "chart",
    chart: "0.12.0",
    workspaceApi: "kaito.sh/v1beta1",
    inferenceSetApi: "kaito.sh/v1beta1",
    nodeProvisioners: KAITO_NODE_PROVISIONERS,
    tunablePresets: OF_THE_CATALOGUE,
    source: "https://github.com/kaito-project/kaito/tree/v0.12.0",
  },
  main: {
    channel: "unreleased",
    workspaceApi: "kaito.sh/v1beta1",
    inferenceSetApi: "kaito.sh/v1beta1",
    nodeProvisioners: KAITO_NODE_PROVISIONERS,
    tunablePresets: ["phi-4", "phi-4-mini-instruct"],
    source: "https://github.com/kaito-project/kaito/pull/2356",
  },
} as const satisfies Record<string, KaitoVersionFacts>;

/** A version that the library drives. */
export type DrivenKaitoVersion = keyof typeof KAITO_VERSION_FACTS;

/** KAITO's version by its minor, as a chart or a pod's image has it with a patch; undefined for one that is not known. */
export function drivenKaitoVersion(version: string): DrivenKaitoVersion | undefined {
  const minor = /^v?(\d+\.\d+)(?:\.\d+)?$/.exec(version)?.[1] ?? version;
  return (Object.keys(KAITO_VERSION_FACTS) as DrivenKaitoVersion[]).find((each) => each === minor);
}

/** What a version does; of one that is not known, undefined. */
export function kaitoFacts(version: string): KaitoVersionFacts | undefined {
  const driven = drivenKaitoVersion(version);
  return driven && KAITO_VERSION_FACTS[driven];
}

/** A version between two known ones may do like neither, so it is refused with those that are known. */
export function kaitoVersionProblems(path: string, version: string): Problem[] {
  if (kaitoFacts(version)) return [];
  const known = Object.keys(KAITO_VERSION_FACTS);
  const rule = `is no version of KAITO that is known here: ${known.join(", ")}`;
  return [{ code: "AKSFT-KAITO-05", path, got: version, rule, fix: oneOf(version, known) }];
}
