/** Versions of KAITO that the sandbox plays: the AKS add-on's, the chart's, and what came after the chart. */
export const PLAYED_VERSIONS = ["0.6", "0.12", "main"] as const;
export type PlayedVersion = (typeof PLAYED_VERSIONS)[number];

/** What makes nodes, as the chart's value `nodeProvisioner` calls it. */
export type Provisioner = "azure-gpu-provisioner" | "karpenter" | "byo";

/** Presets that 0.12 can tune. */
const TUNABLE_012 = [
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

/**
 * Presets that a version knows by a short name; every other name has a "/" in it, as on Hugging Face.
 * 0.6: https://github.com/kaito-project/kaito/tree/v0.6.0/presets/workspace/models. 0.12: pkg/utils/plugin/plugin.go. After it:
 * https://github.com/kaito-project/kaito/pull/2356 takes the short names of the models that it retires.
 */
const SHORT_NAMES_012 = [
  ...TUNABLE_012,
  "deepseek-r1-distill-llama-8b",
  "deepseek-r1-distill-qwen-14b",
  "gpt-oss-20b",
  "gpt-oss-120b",
  "llama-3.1-8b-instruct",
  "llama-3.3-70b-instruct",
  "mistral-7b",
  "mistral-7b-instruct",
  "ministral-3-3b-instruct",
  "ministral-3-8b-instruct",
  "ministral-3-14b-instruct",
  "gemma-3-4b-instruct",
  "gemma-3-27b-instruct",
  "deepseek-r1-0528",
  "deepseek-v3-0324",
  "mistral-large-3-675b-instruct",
];
const RETIRED = /^(phi-3|qwen2\.5-coder-|llama-3\.[13]-|mistral-7b|gemma-3-)/;

export interface PlayedFacts {
  readonly appVersion: string;
  readonly shortNames: readonly string[];
  /** Whether a name with a "/" is taken for a model of Hugging Face: https://github.com/kaito-project/kaito/releases/tag/v0.9.0 */
  readonly anyModel: boolean;
  /** Presets that its tuning knows parameters of, by the last part of their name in lower case. */
  readonly tunable: readonly string[];
  readonly inferenceSets: boolean;
  /** Whether a selector of nothing but KAITO's own labels, which it leaves out, is refused: https://github.com/kaito-project/kaito/pull/2201 */
  readonly reservesLabels: boolean;
  /**
   * Whether an image in a volumeSource reaches the pod. The definitions take any volume; a controller built on k8s.io/api before 0.31 knows no
   * such field, drops it, and an empty volume is left: https://github.com/kubernetes/enhancements/issues/4639
   */
  readonly imageVolumes: boolean;
  /** Whether a size may be named where nobody makes nodes: https://github.com/kaito-project/kaito/pull/2360 */
  readonly sizeOfOwnNodes: boolean;
}

export const PLAYED_FACTS: Readonly<Record<PlayedVersion, PlayedFacts>> = {
  "0.6": {
    appVersion: "0.6.0",
    shortNames: [
      ...TUNABLE_012,
      "falcon-7b",
      "falcon-7b-instruct",
      "falcon-40b",
      "falcon-40b-instruct",
      "mistral-7b",
      "mistral-7b-instruct",
      "phi-2",
      "deepseek-r1-distill-llama-8b",
      "deepseek-r1-distill-qwen-14b",
      "llama-3.1-8b-instruct",
      "llama-3.3-70b-instruct",
    ],
    anyModel: false,
    tunable: [...TUNABLE_012, "falcon-7b", "falcon-40b", "mistral-7b", "phi-2"],
    inferenceSets: false,
    reservesLabels: false,
    imageVolumes: false,
    sizeOfOwnNodes: false,
  },
  "0.12": {
    appVersion: "0.12.0",
    shortNames: SHORT_NAMES_012,
    anyModel: true,
    tunable: TUNABLE_012,
    inferenceSets: true,
    reservesLabels: true,
    imageVolumes: true,
    sizeOfOwnNodes: false,
  },
  main: {
    appVersion: "0.13.0-main",
    shortNames: SHORT_NAMES_012.filter((name) => !RETIRED.test(name)),
    anyModel: true,
    tunable: ["phi-4", "phi-4-mini-instruct"],
    inferenceSets: true,
    reservesLabels: true,
    imageVolumes: true,
    sizeOfOwnNodes: true,
  },
};
