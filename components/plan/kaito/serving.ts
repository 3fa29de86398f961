import type { Input } from "@pulumi/pulumi";
import type { GpuSize } from "../catalogue/gpu-sizes";
import { drivenKaitoVersion, type DrivenKaitoVersion, KAITO_VERSION_FACTS, type KaitoNodeProvisioner, type KaitoVersionFacts, kaitoVersionProblems } from "../catalogue/kaito-versions";
import type { PodSecurity } from "../manifests/pod-security";
import { nameProblems } from "../names";
import { type Problem, refuse, within } from "../refuse";
import { registryIdProblems } from "../registry/secret";
import { smallestLoraRank } from "../serving/adapters";
import { type ClientDecisions, clientProblems, type Clients, clientsOf } from "../serving/clients";
import { type KaitoDeclaredAdapter, kaitoAdapterProblems } from "./serving/adapters";
import { fitProblems, type KaitoFit, kaitoFit, type KaitoLoad, launchUtilization } from "./serving/fit";
import { accessProblems, type KaitoModel, kaitoModelProblems, type KaitoServedModel, resolveKaitoModel } from "./serving/model";
import { type KaitoPool, nodeChoiceProblems, nodeCountProblems, sizeOf } from "./serving/nodes";
import { type KaitoRuntime, type KaitoSettings, type PerformanceMode, settingProblems } from "./serving/settings";

/** Version of the library's newest known KAITO, by whose rules the other faults are found where the version is one itself. */
const ANY_VERSION: DrivenKaitoVersion = "0.12";
/** Time for a GPU node to join and to pull the server's image, in seconds. */
const NODE_START_SECONDS = 1200;

export interface KaitoServingDecisions extends ClientDecisions {
  readonly kaito: { readonly version: string; readonly nodeProvisioner: KaitoNodeProvisioner };
  /** Level that the namespace enforces; undefined where it is not known. */
  readonly podSecurity?: PodSecurity;
  readonly model: KaitoServedModel;
  readonly size?: GpuSize;
  readonly pool?: KaitoPool;
  readonly adapters: readonly KaitoDeclaredAdapter[];
  /** Id of the registry that Secrets are made for; absent where every adapter has its own. */
  readonly adapterRegistryId?: Input<string>;
  readonly replicas?: number;
  readonly serveBase?: boolean;
  readonly maxModelLength?: number;
  readonly runtime?: KaitoRuntime;
  readonly performanceMode?: PerformanceMode;
  readonly accessSecret?: string;
  readonly maxNodes?: number;
  readonly publicLoadBalancer?: boolean;
}

export interface KaitoServingPlan {
  readonly name: string;
  readonly namespace: string;
  readonly version: DrivenKaitoVersion;
  readonly nodeProvisioner: KaitoNodeProvisioner;
  /** What is made: a set of copies, or where the version has none, the one copy itself. */
  readonly kind: "InferenceSet" | "Workspace";
  readonly apiVersion: string;
  readonly modelName: string;
  readonly preset: string;
  readonly runtime: KaitoRuntime;
  readonly adapters: readonly KaitoDeclaredAdapter[];
  readonly maxLoraRank: number;
  readonly replicas: number;
  readonly serveBase: boolean;
  readonly maxModelLength: number | undefined;
  /** Part of a GPU's memory that vLLM takes; undefined leaves it to KAITO. */
  readonly gpuMemoryUtilization: number | undefined;
  readonly size: GpuSize;
  /** Nodes of one copy, as KAITO counts them. */
  readonly nodes: number;
  /** How that differs from this library's estimate. */
  readonly sizing: string;
  /** VM size that the object names; undefined where KAITO goes by the nodes it finds. */
  readonly instanceType: GpuSize | undefined;
  /** Labels of one's own nodes; undefined where KAITO makes and labels them. */
  readonly ownNodes: Readonly<Record<string, string>> | undefined;
  readonly performanceMode: PerformanceMode | undefined;
  readonly accessSecret: string | undefined;
  readonly publicLoadBalancer: boolean;
  readonly clients: Clients;
  /** Node start, image pull, download and load together: what Pulumi waits for. */
  readonly rolloutSeconds: number;
}

export function planKaitoServing(name: string, decisions: KaitoServingDecisions): KaitoServingPlan {
  const { kaito, adapters, pool, replicas = 1, runtime = "vllm", publicLoadBalancer = false, accessSecret } = decisions;
  const version = drivenKaitoVersion(kaito.version) ?? ANY_VERSION;
  const choice = { nodeProvisioner: kaito.nodeProvisioner, size: decisions.size, pool };
  const model = resolveKaitoModel(decisions.model, version);
  const load = loadOf(decisions, { version, model, runtime });
  const settings: KaitoSettings = { ...decisions, ...kaito, version, replicas, runtime, publicLoadBalancer };
  const subject = `InferenceService "${name}"`;
  const ofModel = kaitoModelProblems(decisions.model, version);
  const problems: Problem[] = [
    ...nameProblems("workload", "name", name),
    ...within("kaito", kaitoVersionProblems("version", kaito.version)),
    ...nodeChoiceProblems(choice, version),
    ...ofModel,
    ...(ofModel.length > 0 ? [] : accessProblems(model, accessSecret, version)),
    ...settingProblems(name, settings, model),
    ...clientProblems(decisions.clients),
    ...registryIdProblems(decisions.adapterRegistryId, "team.adapters.id"),
    ...kaitoAdapterProblems(adapters, { model, modelName: ofModel.length > 0 ? undefined : model.name, runtime, version }),
  ];
  refuse(subject, problems);
  // What is reckoned from faulty numbers would be a fault that is none.
  const fit = kaitoFit(load);
  refuse(subject, [...fitProblems(load), ...nodeCountProblems(choice, { replicas, nodesEach: fit.nodes, maxNodes: decisions.maxNodes })]);
  return planOf(name, decisions, { version, model, load, fit });
}

function loadOf(decisions: KaitoServingDecisions, known: Pick<KaitoLoad, "version" | "model" | "runtime">): KaitoLoad {
  const { adapters, kaito, maxModelLength, size, pool } = decisions;
  const choice = { nodeProvisioner: kaito.nodeProvisioner, size, pool };
  // Transformers merges adapters into the weights.
  const slots = known.runtime === "vllm" ? adapters.length : 0;
  return { ...known, size: sizeOf(choice), sizePath: pool ? "pool.size" : "size", maxModelLength, slots, maxLoraRank: rankFor(adapters, known.version) };
}

function rankFor(adapters: readonly KaitoDeclaredAdapter[], version: DrivenKaitoVersion): number {
  return Math.max(KAITO_VERSION_FACTS[version].leastLoraRank, smallestLoraRank(adapters));
}

interface Reckoned {
  readonly version: DrivenKaitoVersion;
  readonly model: KaitoModel;
  readonly load: KaitoLoad;
  readonly fit: KaitoFit;
}

function planOf(name: string, decisions: KaitoServingDecisions, { version, model, load, fit }: Reckoned): KaitoServingPlan {
  const { nodeProvisioner } = decisions.kaito;
  const facts: KaitoVersionFacts = KAITO_VERSION_FACTS[version];
  const { size, runtime } = load;
  return {
    name,
    namespace: decisions.namespace,
    version,
    nodeProvisioner,
    kind: facts.inferenceSetApi === undefined ? "Workspace" : "InferenceSet",
    apiVersion: facts.inferenceSetApi ?? facts.workspaceApi,
    modelName: model.name,
    preset: model.preset,
    runtime,
    adapters: decisions.adapters,
    maxLoraRank: load.maxLoraRank,
    replicas: decisions.replicas ?? 1,
    serveBase: decisions.serveBase ?? false,
    maxModelLength: decisions.maxModelLength,
    gpuMemoryUtilization: launchUtilization(version, size),
    size,
    nodes: fit.nodes,
    sizing: fit.explanation,
    instanceType: namesSize(version, nodeProvisioner) ? size : undefined,
    ownNodes: decisions.pool?.nodeSelector,
    performanceMode: decisions.performanceMode,
    accessSecret: decisions.accessSecret,
    publicLoadBalancer: decisions.publicLoadBalancer ?? false,
    clients: clientsOf(decisions),
    rolloutSeconds: NODE_START_SECONDS + readySeconds(model),
  };
}

/** Own nodes are known by their labels alone, until a size narrows them: kaito-project/kaito#2360, merged after 0.12.0. */
function namesSize(version: DrivenKaitoVersion, nodeProvisioner: KaitoNodeProvisioner): boolean {
  return nodeProvisioner !== "byo" || KAITO_VERSION_FACTS[version].ownNodes.byoInstanceType === "filter";
}

/**
 * How long KAITO itself waits for a copy: 15 minutes and 18 s per GiB of files, at least half an hour and at most three hours:
 * https://github.com/kaito-project/kaito/blob/v0.12.0/presets/workspace/models/vllm_model.go
 */
function readySeconds({ filesGiB }: KaitoModel): number {
  return Math.min(180 * 60, Math.max(30 * 60, Math.ceil(900 + 18 * filesGiB)));
}
