import { GPU_PROVISIONER_CHART, GPU_PROVISIONER_VERSION, KAITO_CHART, PRESET_REGISTRY } from "../catalogue/kaito-charts";
import type { KaitoNodeProvisioner } from "../catalogue/kaito-versions";
import type { Environment } from "../environment";
import { nameProblems } from "../names";
import { wholeNumber } from "../recipe";
import { type Problem, refuse } from "../refuse";
import { choiceProblems } from "../spelling";
import { tagProblems } from "../tags";
import { channelProblems, chartVersion, versionOf } from "./operator/channel";
import {
  KAITO_LOG_LEVELS,
  type KaitoChannel,
  type KaitoDevicePlugin,
  type KaitoLogLevel,
  type KaitoOperatorDecisions,
  type KaitoOperatorInputs,
  type KaitoSurroundings,
} from "./operator/decisions";
import { type DeclaredGpuSupport, devicePluginProblems } from "./operator/device-plugin";
import { featureGateProblems, featureGates } from "./operator/feature-gates";
import { devicePluginOf, environmentOf, provisionerOf, provisionerProblems } from "./operator/provisioner";
import { controllerImageProblems, imageVersionProblems, mirrorProblems } from "./operator/sources";

/** What is known, when a KAITO is planned, of what else the program puts on the cluster. */
export interface KaitoContext {
  readonly cluster: KaitoSurroundings;
  readonly gpuSupport?: DeclaredGpuSupport;
  /** Whether another KaitoOperator came before. */
  readonly taken?: boolean;
}

export interface KaitoOperatorPlan {
  readonly environment: Environment;
  readonly channel: KaitoChannel;
  readonly version: string;
  readonly nodeProvisioner: KaitoNodeProvisioner;
  readonly devicePlugin: KaitoDevicePlugin;
  /** Absent where AKS installs it. */
  readonly chart: KaitoChartPlan | undefined;
}

export interface KaitoChartPlan {
  readonly version: string;
  /** Whether a daemon of the chart needs the nodes themselves; the controller alone meets the restricted standard. */
  readonly podSecurity: "restricted" | "privileged";
  readonly featureGates: Readonly<Record<string, boolean>>;
  readonly featureDiscovery: boolean;
  readonly localDisks: boolean;
  readonly presetRegistry: string;
  readonly chartRepository: string | undefined;
  readonly memoryMiB: number;
  readonly logLevel: KaitoLogLevel;
}

/** KAITO's controller as the version's chart runs it, by its tag. */
export function defaultKaitoImage(version: string): string {
  return `${KAITO_CHART.image}:${chartVersion(version) ?? version}`;
}

export const DEFAULT_PROVISIONER_IMAGE = `${GPU_PROVISIONER_CHART.image}:${GPU_PROVISIONER_VERSION}`;

export function planKaitoOperator(
  name: string,
  decisions: KaitoOperatorDecisions,
  inputs: KaitoOperatorInputs,
  { cluster, gpuSupport, taken = false }: KaitoContext,
): KaitoOperatorPlan {
  const { channel = "chart" } = decisions;
  const [environment, version] = [environmentOf(decisions, cluster), versionOf(decisions)];
  const [nodeProvisioner, devicePlugin] = [provisionerOf(decisions, cluster), devicePluginOf(decisions)];
  refuse(`KaitoOperator "${name}"`, [
    ...nameProblems("workload", "name", name),
    ...(taken ? [secondProblem(name)] : []),
    ...channelProblems(decisions, inputs, cluster),
    ...provisionerProblems(decisions, inputs, cluster),
    ...(channel === "add-on" ? [] : chartProblems(decisions, inputs, { environment, version, nodeProvisioner })),
    ...devicePluginProblems("KaitoOperator", { devicePlugin, nodeProvisioner }, gpuSupport),
  ]);
  const chart = channel === "add-on" ? undefined : planChart(decisions, { version, nodeProvisioner, devicePlugin });
  return { environment, channel, version, nodeProvisioner, devicePlugin, chart };
}

function secondProblem(name: string): Problem {
  const rule = "is the second KaitoOperator on this cluster, and 2 controllers would fight over every Workspace";
  return { code: "AKSFT-KAITO-79", path: "cluster", got: name, rule, fix: "give the first one to whoever needs a KAITO" };
}

/** The most that a controller of custom resources was ever seen to want, with room. */
const MOST_MEMORY_MIB = 16_384;

function chartProblems(
  decisions: KaitoOperatorDecisions,
  { image, provisionerImage }: KaitoOperatorInputs,
  { environment, version, nodeProvisioner }: { readonly environment: Environment; readonly version: string; readonly nodeProvisioner: KaitoNodeProvisioner },
): Problem[] {
  const { memoryMiB = 512, logLevel, presetRegistry, chartRepository, tags } = decisions;
  const provisioned = nodeProvisioner === "azure-gpu-provisioner";
  return [
    ...featureGateProblems(version, nodeProvisioner, decisions.featureGates),
    ...controllerImageProblems("image", image ?? defaultKaitoImage(version), environment),
    ...imageVersionProblems(image, version),
    ...(provisioned ? controllerImageProblems("provisionerImage", provisionerImage ?? DEFAULT_PROVISIONER_IMAGE, environment) : []),
    ...mirrorProblems(presetRegistry, chartRepository),
    ...wholeNumber("AKSFT-KAITO-75", "memoryMiB", memoryMiB, 128, MOST_MEMORY_MIB),
    ...choiceProblems("AKSFT-KAITO-77", "logLevel", logLevel, KAITO_LOG_LEVELS),
    ...(provisioned ? tagProblems("tags", tags) : []),
  ];
}

function planChart(decisions: KaitoOperatorDecisions, chosen: Pick<KaitoOperatorPlan, "version" | "nodeProvisioner" | "devicePlugin">): KaitoChartPlan {
  const { version, nodeProvisioner, devicePlugin } = chosen;
  const { localDisks = true, memoryMiB = 512, logLevel = "error", presetRegistry = PRESET_REGISTRY, chartRepository } = decisions;
  const featureDiscovery = nodeProvisioner === "byo" && (decisions.featureDiscovery ?? true);
  return {
    version: chartVersion(version) ?? version,
    podSecurity: localDisks || featureDiscovery || devicePlugin === "kaito" ? "privileged" : "restricted",
    featureGates: featureGates(version, nodeProvisioner, decisions.featureGates),
    featureDiscovery,
    localDisks,
    presetRegistry,
    chartRepository,
    memoryMiB,
    logLevel,
  };
}
