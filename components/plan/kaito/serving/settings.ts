import { type DrivenKaitoVersion, KAITO_VERSION_FACTS, type KaitoNodeProvisioner, type KaitoVersionFacts } from "../../catalogue/kaito-versions";
import { runsWithTransformers } from "../../catalogue/kaito-served-models";
import { DEFAULT_ENVIRONMENT, type Environment } from "../../environment";
import type { PodSecurity } from "../../manifests/pod-security";
import { wholeNumber } from "../../recipe";
import type { Problem } from "../../refuse";
import { choiceProblems } from "../../spelling";
import { kaitoPodSecurityProblems } from "../pod-security";
import type { KaitoModel } from "./model";

/** What runs a model in KAITO's image. */
export const KAITO_RUNTIMES = ["vllm", "transformers"] as const;
/**
 * What runs a model in KAITO's image: vLLM, or Hugging Face's transformers, which blends adapters into one model.
 * @useDeclaredType
 */
export type KaitoRuntime = (typeof KAITO_RUNTIMES)[number];

/** What vLLM is tuned for. */
export const PERFORMANCE_MODES = ["balanced", "interactivity", "throughput"] as const;
/**
 * What vLLM is tuned for: a bit of both, short waits for each caller, or most tokens for all.
 * @useDeclaredType
 */
export type PerformanceMode = (typeof PERFORMANCE_MODES)[number];

export interface KaitoSettings {
  readonly version: DrivenKaitoVersion;
  readonly nodeProvisioner: KaitoNodeProvisioner;
  readonly namespace: string;
  readonly environment?: Environment;
  readonly podSecurity?: PodSecurity;
  readonly replicas: number;
  readonly runtime: KaitoRuntime;
  readonly performanceMode?: PerformanceMode;
  readonly maxModelLength?: number;
  readonly publicLoadBalancer: boolean;
}

const MOST_REPLICAS = 100;
/** A hash of five characters with its hyphen, and the random five with theirs that KAITO adds for each copy. */
const SUFFIX = 12;
/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const LONGEST_LABEL = 63;

export function settingProblems(name: string, settings: KaitoSettings, model: KaitoModel): Problem[] {
  const { version, podSecurity, maxModelLength } = settings;
  return [
    ...kaitoPodSecurityProblems("AKSFT-KAITO-40", podSecurity, { version, facts: KAITO_VERSION_FACTS[version] }),
    ...replicaProblems(settings),
    ...(maxModelLength === undefined ? [] : wholeNumber("AKSFT-SERVE-03", "maxModelLength", maxModelLength, 16, model.tokenLimit)),
    ...runtimeProblems(settings, model),
    ...performanceProblems(settings),
    ...exposureProblems(settings),
    ...nameLengthProblems(name, settings),
  ];
}

/** One Workspace is one copy, and cannot be none. */
function replicaProblems({ replicas, version }: KaitoSettings): Problem[] {
  const faults = wholeNumber("AKSFT-SERVE-01", "replicas", replicas, 0, MOST_REPLICAS);
  const { inferenceSetApi }: KaitoVersionFacts = KAITO_VERSION_FACTS[version];
  if (faults.length > 0 || inferenceSetApi !== undefined || replicas === 1) return faults;
  const rule = `KAITO ${version} has no InferenceSet, and its Workspace is one copy`;
  return [{ code: "AKSFT-KAITO-50", path: "replicas", got: replicas, rule, fix: 'use 1, or KAITO 0.12, or engine "vllm"' }];
}

function runtimeProblems({ runtime, version, maxModelLength }: KaitoSettings, model: KaitoModel): Problem[] {
  const unknown = choiceProblems("AKSFT-KAITO-44", "runtime", runtime, KAITO_RUNTIMES);
  if (unknown.length > 0 || runtime === "vllm") return unknown;
  const problems: Problem[] = [];
  if (!runsWithTransformers(model.name, version)) {
    const rule = `KAITO ${version} has no parameters for "${model.name}" with the transformers runtime`;
    problems.push({ code: "AKSFT-KAITO-44", path: "runtime", got: runtime, rule, fix: 'use runtime "vllm"' });
  }
  if (maxModelLength !== undefined) {
    const rule = "is a setting of vLLM, which the transformers runtime does not read";
    problems.push({ code: "AKSFT-KAITO-44", path: "maxModelLength", got: maxModelLength, rule, fix: 'remove it, or use runtime "vllm"' });
  }
  return problems;
}

function performanceProblems({ performanceMode, runtime, version }: KaitoSettings): Problem[] {
  if (performanceMode === undefined) return [];
  const unknown = choiceProblems("AKSFT-KAITO-51", "performanceMode", performanceMode, PERFORMANCE_MODES);
  const { performanceModes } = KAITO_VERSION_FACTS[version];
  if (unknown.length > 0 || (performanceModes && runtime === "vllm")) return unknown;
  const rule = performanceModes ? "is a setting of vLLM, which the transformers runtime does not read" : `is not known to KAITO ${version}, which would ignore it`;
  return [{ code: "AKSFT-KAITO-51", path: "performanceMode", got: performanceMode, rule, fix: "remove it" }];
}

/** The load balancer's address is public, and asks nobody for a key: https://github.com/kaito-project/kaito/blob/v0.12.0/api/v1beta1/labels.go (enablelb) */
function exposureProblems({ publicLoadBalancer, environment = DEFAULT_ENVIRONMENT }: KaitoSettings): Problem[] {
  if (!publicLoadBalancer || environment === "development") return [];
  const rule = "would put the server, which asks for no key, and Ray's ports on a public address; that is for development alone";
  return [{ code: "AKSFT-KAITO-57", path: "publicLoadBalancer", got: true, rule, fix: "remove it, and put an ingress with authentication in front of the endpoint" }];
}

/** Karpenter's NodePools carry the namespace and the copy's name in a label: https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/nodeprovision/karpenter */
function nameLengthProblems(name: string, { namespace, nodeProvisioner }: KaitoSettings): Problem[] {
  const length = namespace.length + 1 + name.length + SUFFIX;
  if (nodeProvisioner !== "karpenter" || length <= LONGEST_LABEL) return [];
  const most = LONGEST_LABEL - SUFFIX - 1;
  const rule = `with the namespace "${namespace}" it has ${namespace.length + name.length} characters; together at most ${most}, as Karpenter's nodes carry both in one label`;
  const left = most - namespace.length;
  const fix = left < 1 ? "use a team with a shorter name" : `shorten it to ${left} characters`;
  return [{ code: "AKSFT-KAITO-58", path: "name", got: name, rule, fix }];
}
