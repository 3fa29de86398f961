import type { ClusterPlan } from "../../components/plan/cluster";
import type { LivePool } from "../../components/plan/live/sizes";
import { DEFAULT_KUBERNETES_VERSION } from "../../components/plan/catalogue/kubernetes-versions";
import type { Environment } from "../../components/plan/environment";
import type { Problem } from "../../components/plan/refuse";

/** What is to be deployed, as far as the doctor asks about it. */
export interface Deployment {
  /** Of a stack; undefined where sizes were given instead. */
  readonly stack?: string;
  readonly location: string;
  /** What the configuration names. */
  readonly subscriptionId?: string;
  /** Whether images are built on this machine; undefined where that is not known. */
  readonly builds: boolean | undefined;
  /** How kubelogin signs in. */
  readonly login: string;
  readonly pools: readonly LivePool[];
  /** Version of the cluster; undefined where this deployment makes none. */
  readonly kubernetesVersion?: string;
  /** Resource providers whose resources it makes. */
  readonly providers: readonly string[];
  readonly hostEncryption: boolean;
  /** Stack that holds the platform of this one. */
  readonly platformStack?: string;
  /** Whether secrets of the configuration need a passphrase. */
  readonly passphrase: boolean;
  readonly problems: readonly ConfigurationProblem[];
}

/** A fault of the configuration, and the command that mends it where there is one. */
export interface ConfigurationProblem {
  readonly path: string;
  readonly rule: string;
  readonly fix: string;
}

export function configurationProblem({ path, rule, fix }: Problem, prefix = ""): ConfigurationProblem {
  return { path: [prefix, path].filter(Boolean).join("."), rule, fix };
}

/** Providers of the resources that every platform has. */
const PLATFORM = ["Microsoft.Compute", "Microsoft.ContainerService", "Microsoft.ContainerRegistry", "Microsoft.ManagedIdentity", "Microsoft.Network", "Microsoft.Storage"];
/** Of a team on the platform of another stack. */
export const WORKLOAD_PROVIDERS = ["Microsoft.ManagedIdentity", "Microsoft.Storage"];

type Observed = Pick<ClusterPlan, "monitoring" | "addOns">;

/** What a cluster's logs, metrics and add-ons want beside: https://learn.microsoft.com/azure/azure-resource-manager/management/azure-services-resource-providers */
export function platformProviders({ monitoring, addOns }: Observed): readonly string[] {
  return [
    ...PLATFORM,
    ...(monitoring.logs === "none" ? [] : ["Microsoft.Insights", "Microsoft.OperationalInsights"]),
    ...(monitoring.metrics === "none" ? [] : ["Microsoft.Monitor"]),
    ...(monitoring.defender ? ["Microsoft.Security"] : []),
    ...(addOns.azurePolicy ? ["Microsoft.PolicyInsights"] : []),
  ].sort();
}

/** Providers of an environment's defaults. */
export function defaultProviders(environment: Environment): readonly string[] {
  const all = environment === "production";
  const recording = all ? "own" : "none";
  return platformProviders({
    monitoring: { logs: recording, metrics: recording, defender: all, retentionDays: 30, containerLogs: all },
    addOns: { azurePolicy: all, keyVaultSecrets: all, kaito: false, imageCleanerHours: 48, costAnalysis: false },
  });
}

/** Sizes that were given on the command line, on a cluster of an environment's defaults. */
export function ofSizes(location: string, pools: readonly LivePool[], environment: Environment): Deployment {
  return {
    location,
    builds: undefined,
    login: "azurecli",
    pools,
    kubernetesVersion: DEFAULT_KUBERNETES_VERSION,
    providers: defaultProviders(environment),
    hostEncryption: environment === "production",
    passphrase: false,
    problems: [],
  };
}
