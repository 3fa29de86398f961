import { ANY_MODEL, modelProblems } from "./base-model";
import { type BaseModelName, dimensionsOf, type ModelDimensions } from "./catalogue/base-models";
import { GPU_SIZES, type GpuSizeFacts } from "./catalogue/gpu-sizes";
import { imageVolumeProblems, type KubernetesVersion } from "./catalogue/kubernetes-versions";
import type { NodePreference, Toleration } from "./gpu-pool";
import { deviceProblems, devicesOf, isSliced, type PoolDevices } from "./gpu-pool/devices";
import { nameProblems } from "./names";
import { wholeNumber } from "./recipe";
import { type Problem, refuse, within } from "./refuse";
import { adapterProblems, type DeclaredAdapter, smallestLoraRank } from "./serving/adapters";
import { type ClientDecisions, clientProblems, type Clients, clientsOf } from "./serving/clients";
import { memoryProblems, utilizationOn } from "./serving/memory";
import { GIB } from "./sizing/gib";
import { parameterCount } from "./sizing/parameters";

const MOST_REPLICAS = 100;
/** Time for a GPU node to join and to pull the server's image, in seconds. */
const NODE_START_SECONDS = 1200;

export interface ServingDecisions extends ClientDecisions {
  readonly model: BaseModelName | ModelDimensions;
  readonly adapters: readonly DeclaredAdapter[];
  readonly replicas?: number;
  readonly serveBase?: boolean;
  readonly maxModelLength?: number;
  readonly pool: PoolDevices & {
    readonly maxNodes: number;
    readonly nodeSelector: Readonly<Record<string, string>>;
    readonly tolerations: readonly Toleration[];
    readonly preference?: readonly NodePreference[];
    readonly kubernetesVersion: KubernetesVersion;
    readonly osSku: string;
  };
}

export interface ServingPlan {
  readonly name: string;
  readonly modelName: string;
  readonly adapters: readonly DeclaredAdapter[];
  readonly replicas: number;
  readonly serveBase: boolean;
  readonly maxModelLength: number;
  readonly namespace: string;
  readonly clients: Clients;
  readonly maxLoraRank: number;
  readonly dtype: "bfloat16" | "float16";
  /** Part of a GPU's memory that vLLM takes; undefined leaves it to vLLM. */
  readonly gpuMemoryUtilization: number | undefined;
  readonly startupSeconds: number;
  /** Node start, image pull and model load together: what Kubernetes and Pulumi wait for. */
  readonly rolloutSeconds: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  readonly preference?: readonly NodePreference[];
  /** Resource that a replica asks for its GPU by. */
  readonly gpuResource: string;
}

export function planServing(name: string, decisions: ServingDecisions): ServingPlan {
  const { adapters, pool, replicas = 1, serveBase = false } = decisions;
  const ofModel = modelProblems(decisions.model);
  const model = dimensionsOf(ofModel.length > 0 ? ANY_MODEL : decisions.model);
  const maxModelLength = decisions.maxModelLength ?? model.max_position_embeddings;
  const maxLoraRank = smallestLoraRank(adapters);
  const subject = `InferenceService "${name}"`;
  refuse(subject, [
    ...nameProblems("workload", "name", name),
    ...ofModel,
    ...wholeNumber("AKSFT-SERVE-01", "replicas", replicas, 0, MOST_REPLICAS),
    ...capacityProblems(replicas, pool),
    ...wholeNumber("AKSFT-SERVE-03", "maxModelLength", maxModelLength, 16, model.max_position_embeddings),
    ...clientProblems(decisions.clients),
    ...adapters.flatMap((adapter, index) => adapterProblems(adapter, index, adapters, ofModel.length > 0 ? undefined : model.name)),
    ...imageVolumeProblems("AKSFT-SERVE-07", "weights and adapters", pool),
    ...within("pool", deviceProblems(pool)),
  ]);
  refuse(subject, memoryProblems({ model: decisions.model, maxModelLength, slots: adapters.length, maxLoraRank }, pool));
  const facts: GpuSizeFacts = GPU_SIZES[pool.size];
  const startupSeconds = startupSecondsOf(model);
  return {
    name,
    modelName: model.name,
    adapters,
    replicas,
    serveBase,
    maxModelLength,
    namespace: decisions.namespace,
    clients: clientsOf(decisions),
    maxLoraRank,
    dtype: facts.bf16 ? "bfloat16" : "float16",
    gpuMemoryUtilization: utilizationOn(pool.size),
    startupSeconds,
    rolloutSeconds: NODE_START_SECONDS + startupSeconds,
    nodeSelector: pool.nodeSelector,
    tolerations: pool.tolerations,
    preference: pool.preference,
    gpuResource: devicesOf(pool).gpuResource,
  };
}

/** The curve KAITO uses for its own servers: 15 minutes and 18 s per GiB of 16-bit weights, at most three hours. */
function startupSecondsOf(model: ModelDimensions): number {
  const weightsGiB = (2 * parameterCount(model)) / GIB;
  return Math.min(3 * 3600, Math.ceil(900 + 18 * weightsGiB));
}

function capacityProblems(replicas: number, pool: ServingDecisions["pool"]): Problem[] {
  const gpus = pool.maxNodes * devicesOf(pool).gpusPerNode;
  const kind = isSliced(pool) ? "slice" : "GPU";
  // A pool without nodes is refused as such.
  if (replicas <= gpus || pool.maxNodes < 1) return [];
  return [
    {
      code: "AKSFT-SERVE-02",
      path: "replicas",
      got: replicas,
      rule: `one ${kind} each, and the pool grows to ${pool.maxNodes} nodes with ${gpus} ${kind}s`,
      fix: `use ${gpus}, or raise the pool's maxNodes`,
    },
  ];
}
