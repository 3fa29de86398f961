import { gib } from "../gib";
import { GPU_SIZES, type GpuSize, type GpuSizeFacts } from "../../catalogue/gpu-sizes";
import { kaitoCacheGiB, type KaitoNodes, kaitoNodeCount } from "../kaito-nodes";
import { estimateServingMemory, type ServingEstimate } from "../serving-memory";
import { resolveServingSetup, type ServingSetup } from "../serving/setup";
import { KAITO_CONTEXT } from "./formulas";
import type { KaitoSetup } from "./setup";

/** Most nodes that one copy of a model is spread over before it counts as not fitting. */
const MOST_NODES = 64;

/** Our node count beside KAITO's, and why they differ. */
export interface KaitoComparison {
  /** Nodes by our estimate, matrices spread over the GPUs of a node and blocks over nodes; undefined where even 64 do not hold it. */
  readonly nodes: number | undefined;
  /** Memory of each GPU at that count. */
  readonly estimate: ServingEstimate;
  /** KAITO's count. */
  readonly kaito: KaitoNodes;
  /** One sentence that explains the difference, or what is counted otherwise where there is none. */
  readonly explanation: string;
}

/** What KAITO alone is told. */
export interface KaitoComparisonOptions extends Pick<KaitoSetup, "weightFilesGiB" | "maxModelLength" | "count" | "presetGiB" | "stateBytesPerSequence"> {
  /** Version of KAITO. @default "0.12" */
  readonly version?: string;
}

/**
 * Nodes of a VM size that a server needs, by our estimate and by KAITO's formula. The setup's own parallelism is replaced by the size's.
 *
 * @throws RunError for what kaitoNodeCount refuses, and for numbers out of range.
 */
export function compareWithKaito(setup: ServingSetup, size: GpuSize, options: KaitoComparisonOptions = {}): KaitoComparison {
  const { version = "0.12", ...told } = options;
  const { gpus, memoryGiB }: GpuSizeFacts = GPU_SIZES[size];
  const on = (nodes: number): ServingEstimate => estimateServingMemory({ ...setup, tensorParallel: gpus, pipelineParallel: nodes });
  const counts = Array.from({ length: MOST_NODES }, (_, index) => index + 1);
  const nodes = counts.find((count) => on(count).gpuMemoryGiB <= memoryGiB);
  const kaito = kaitoNodeCount({ model: setup.model, size, ...told }, version);
  const estimate = on(nodes ?? MOST_NODES);
  const [theirs, ours] = [`KAITO ${kaito.version} takes ${nodesText(kaito.nodes)} of ${size}`, nodes === undefined ? `more than ${MOST_NODES}` : String(nodes)];
  const reasons = reasonsFor(setup, size, kaito, options.maxModelLength);
  return { nodes, estimate, kaito, explanation: `${theirs}, this estimate ${ours}: KAITO ${reasons.join("; ")}.` };
}

function reasonsFor(setup: ServingSetup, size: GpuSize, kaito: KaitoNodes, maxModelLength = KAITO_CONTEXT): string[] {
  const { gpus, memoryGiB, nominalGB }: GpuSizeFacts = GPU_SIZES[size];
  const label = `reads the label's ${nominalGB} GB as GiB where a process gets ${Number(memoryGiB.toFixed(2))}`;
  const { terms } = kaito;
  if ("presetGiB" in terms) return [`goes by a fixed figure of ${terms.presetGiB} GiB for the preset, whatever is served`, label];
  const resolved = resolveServingSetup({ ...setup, tensorParallel: gpus });
  const { concurrency, contextLength, gpuMemoryUtilization, adapters, model } = resolved;
  const reasons = [label];
  const { utilization } = terms;
  if (utilization !== gpuMemoryUtilization) reasons.push(`plans with ${utilization} of it where this setup has ${gpuMemoryUtilization}`);
  const { parts } = estimateServingMemory({ ...setup, tensorParallel: gpus, pipelineParallel: 1 });
  if (concurrency !== 1 || contextLength !== maxModelLength) {
    const theirs = `one sequence of ${maxModelLength} tokens (${gib(kaitoCacheGiB(setup.model, maxModelLength) / gpus)} a GPU)`;
    reasons.push(`counts the cache of ${theirs}, this setup ${concurrency} of ${contextLength} (${gib(parts.kvCache)})`);
  }
  if (model.kv_lora_rank !== undefined && gpus > 1) reasons.push(`divides the latent cache by ${gpus} GPUs, of which each holds all of it`);
  if (parts.adapters > 0) reasons.push(`leaves out ${adapters.slots} adapter slots of rank ${adapters.rank} (${gib(parts.adapters)} a GPU)`);
  const weights = terms.weightsGiB / gpus;
  if (Math.abs(weights / parts.weights - 1) > 0.05) reasons.push(`counts ${gib(weights)} of weights a GPU, this estimate ${gib(parts.weights)}`);
  return reasons;
}

function nodesText(count: number): string {
  return count === 1 ? "1 node" : `${count} nodes`;
}
