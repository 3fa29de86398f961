import { GPU_SIZES, type GpuSize, type GpuSizeFacts } from "../../catalogue/gpu-sizes";
import { type DrivenKaitoVersion, KAITO_VERSION_FACTS } from "../../catalogue/kaito-versions";
import { type Problem, problemsOf } from "../../refuse";
import { compareWithKaito } from "../../sizing/kaito/comparison";
import { KAITO_CONTEXT, KAITO_FORMULAS } from "../../sizing/kaito/formulas";
import type { KaitoSetup } from "../../sizing/kaito/setup";
import { kaitoNodeCount } from "../../sizing/kaito-nodes";
import { estimateServingMemory, type ServingEstimate, servingContextLength } from "../../sizing/serving-memory";
import type { ServingSetup } from "../../sizing/serving/setup";
import { utilizationOn } from "../../serving/memory";
import type { KaitoModel } from "./model";

const LEAST_LENGTH = 16;

/** What is served, and on what. */
export interface KaitoLoad {
  readonly model: KaitoModel;
  readonly version: DrivenKaitoVersion;
  readonly size: GpuSize;
  /** Argument that the size comes from. */
  readonly sizePath: "size" | "pool.size";
  readonly runtime: "vllm" | "transformers";
  /** Undefined leaves it to KAITO, which takes as much as fits. */
  readonly maxModelLength: number | undefined;
  readonly slots: number;
  readonly maxLoraRank: number;
}

/** Nodes of one copy, and what was reckoned. */
export interface KaitoFit {
  readonly nodes: number;
  /** GPUs that each hold a part of every matrix. */
  readonly tensorParallel: number;
  /** KAITO's node count beside ours, in one sentence. */
  readonly explanation: string;
}

/** Part of a GPU's memory that a version launches vLLM with; one that counts by figures looks how much is free. */
export function launchUtilization(version: DrivenKaitoVersion, size: GpuSize): number | undefined {
  return version === "0.6" ? undefined : (utilizationOn(size) ?? KAITO_FORMULAS[version].utilization);
}

/** The nodes that KAITO takes, which are its to count; the transformers runtime has one. Of a load that is refused, one. */
export function kaitoFit(load: KaitoLoad): KaitoFit {
  const { model, size, runtime, version } = load;
  if (runtime === "transformers") return { nodes: 1, tensorParallel: 1, explanation: `KAITO ${version} takes 1 node of ${size} for the transformers runtime.` };
  if (countProblems(load).length > 0) return { nodes: 1, tensorParallel: 1, explanation: "" };
  const { nodes, reckoning } = kaitoNodeCount(setupForKaito(load), version);
  const tensorParallel = splitOver(load, nodes);
  if (model.sized === undefined) {
    const explanation = `KAITO ${version} takes ${nodes === 1 ? "1 node" : `${nodes} nodes`} of ${size}: ${reckoning}. Its dimensions are not known here, so nothing is estimated beside it.`;
    return { nodes, tensorParallel, explanation };
  }
  return { nodes, tensorParallel, explanation: compareWithKaito(setupOf(load, model.sized), size, { ...toldToKaito(load), version }).explanation };
}

/** Everything that KAITO refuses, and what it takes although it does not run. */
export function fitProblems(load: KaitoLoad): Problem[] {
  const counted = countProblems(load);
  if (counted.length > 0) return counted;
  const { nodes, tensorParallel } = kaitoFit(load);
  const several = nodesProblems(load, nodes);
  return several.length > 0 ? several : [...lengthProblems(load), ...headProblems(load, tensorParallel), ...memoryProblems(load, nodes, tensorParallel)];
}

/** GPU memory in GB, by KAITO's table, below which several GPUs of a node need a length. */
const SMALL_GB = 20;

/**
 * 0.6 refuses several small GPUs without a length, under which vLLM would reserve the model's whole one:
 * https://github.com/kaito-project/kaito/blob/v0.6.0/api/v1beta1/inference_config_validation.go
 */
function lengthProblems({ version, runtime, size, maxModelLength }: KaitoLoad): Problem[] {
  const { gpus, nominalGB, gpuModel }: GpuSizeFacts = GPU_SIZES[size];
  if (version !== "0.6" || runtime !== "vllm" || maxModelLength !== undefined || gpus === 1 || nominalGB >= SMALL_GB) return [];
  const rule = `is needed by KAITO 0.6 on ${size}, which has ${gpus} ${gpuModel} of less than ${SMALL_GB} GB each`;
  return [{ code: "AKSFT-SERVE-03", path: "maxModelLength", got: undefined, rule, fix: `set it, for example to ${KAITO_CONTEXT}` }];
}

function countProblems(load: KaitoLoad): Problem[] {
  if (load.runtime === "transformers") return [];
  return problemsOf(() => kaitoNodeCount(setupForKaito(load), load.version)).map((problem) =>
    problem.path === "size" ? { ...problem, path: load.sizePath } : problem,
  );
}

function setupForKaito(load: KaitoLoad): KaitoSetup {
  return { model: load.model.cached, size: load.size, ...toldToKaito(load) };
}

/** What KAITO knows besides the model's cache and the size. */
function toldToKaito({ model, maxModelLength, version }: KaitoLoad): Omit<KaitoSetup, "model" | "size"> {
  const given = maxModelLength === undefined ? {} : { maxModelLength };
  const old = countsByFigure(version) && model.presetGiB !== undefined ? { presetGiB: model.presetGiB } : {};
  return { weightFilesGiB: model.filesGiB, ...given, ...old };
}

function countsByFigure(version: DrivenKaitoVersion): boolean {
  return KAITO_VERSION_FACTS[version].nodesBy === "figure";
}

/** Before its estimator KAITO ran these presets on one node each; more would each load all of the model. */
function nodesProblems({ model, size, sizePath, version }: KaitoLoad, nodes: number): Problem[] {
  if (!countsByFigure(version) || nodes === 1) return [];
  const rule = `"${model.preset}" takes ${nodes} nodes of it by its figure of ${model.presetGiB ?? 0} GiB, and KAITO ${version} runs it on one`;
  return [{ code: "AKSFT-KAITO-55", path: sizePath, got: size, rule, fix: "use a size whose node has as much GPU memory" }];
}

/**
 * How vLLM is spread: over every GPU of a node, unless the files take less than half of one GPU, which then each hold a copy:
 * https://github.com/kaito-project/kaito/blob/v0.12.0/pkg/model/interface.go (configureParallelism)
 */
function splitOver({ model, size, version }: KaitoLoad, nodes: number): number {
  const { gpus, nominalGB }: GpuSizeFacts = GPU_SIZES[size];
  const aCopyEach = !countsByFigure(version) && nodes === 1 && gpus > 1 && 2 * model.filesGiB < nominalGB;
  return model.oneGpu || aCopyEach ? 1 : gpus;
}

/** vLLM does not start otherwise: https://docs.vllm.ai/en/latest/serving/parallelism_scaling/ */
function headProblems({ model, size, sizePath }: KaitoLoad, tensorParallel: number): Problem[] {
  if (model.heads % tensorParallel === 0) return [];
  const rule = `KAITO spreads ${model.name} over the ${tensorParallel} GPUs of a node, and its ${model.heads} attention heads do not divide by ${tensorParallel}`;
  return [{ code: "AKSFT-KAITO-56", path: sizePath, got: size, rule, fix: "use a size with 1 or 2 GPUs a node, or another by which the heads divide" }];
}

function setupOf({ model, size, runtime, version, maxModelLength, slots, maxLoraRank }: KaitoLoad, sized: ServingSetup["model"]): ServingSetup {
  const utilization = launchUtilization(version, size);
  return {
    model: sized,
    contextLength: maxModelLength ?? Math.min(KAITO_CONTEXT, model.tokenLimit),
    adapters: { slots, rank: slots === 0 ? 0 : maxLoraRank },
    quantization: model.quantization,
    engine: runtime,
    ...(utilization === undefined ? {} : { gpuMemoryUtilization: utilization }),
  };
}

/** On the nodes that KAITO takes: it counts no adapters, no CUDA graphs and a cache that it divides by GPUs. */
function memoryProblems(load: KaitoLoad, nodes: number, tensorParallel: number): Problem[] {
  const { model, size, sizePath } = load;
  if (model.sized === undefined) return [];
  const { gpus, gpuModel, memoryGiB }: GpuSizeFacts = GPU_SIZES[size];
  // transformers' device map puts whole blocks on each GPU.
  const spread = load.runtime === "transformers" ? { pipelineParallel: gpus } : { tensorParallel, pipelineParallel: nodes };
  const setup = { ...setupOf(load, model.sized), ...spread };
  const estimate = estimateServingMemory(setup);
  if (estimate.gpuMemoryGiB <= memoryGiB) return [];
  const taken = `KAITO takes ${nodes === 1 ? "1 node" : `${nodes} nodes`} of ${size}`;
  const rule = `${taken}, where ${needText(load, setup, estimate)} on each ${gpuModel}, which has ${Number(memoryGiB.toFixed(2))} GiB`;
  const shorter = servingContextLength(setup, memoryGiB);
  const length = load.maxModelLength !== undefined && shorter >= LEAST_LENGTH ? `set maxModelLength to ${shorter} or less, or ` : "";
  return [{ code: "AKSFT-KAITO-55", path: sizePath, got: size, rule, fix: `${length}use a size with larger GPUs, or engine "vllm"` }];
}

function needText({ slots, maxLoraRank }: KaitoLoad, { contextLength }: ServingSetup, { gpuMemoryGiB, parts }: ServingEstimate): string {
  const adapters = slots === 0 ? "" : `, ${slots} adapter slots of rank ${maxLoraRank} ${parts.adapters.toFixed(1)}`;
  const engine = (parts.activations + parts.runtime).toFixed(1);
  const numbers = `weights ${parts.weights.toFixed(1)}${adapters}, KV cache ${parts.kvCache.toFixed(1)}, engine ${engine}`;
  return `one sequence of ${contextLength} tokens needs ${gpuMemoryGiB.toFixed(1)} GiB (${numbers}, and what vLLM leaves free)`;
}
