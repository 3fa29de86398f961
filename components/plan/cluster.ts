import type { Input } from "@pulumi/pulumi";
import { type AddOnDecisions, type AddOnPlan, addOnProblems, planAddOns } from "./cluster/add-ons";
import { type AddressDecisions, type AddressPlan, addressProblems, planAddresses } from "./cluster/addresses";
import { apiServerProblems } from "./cluster/api-server";
import { chosenClusterName, defaultDnsPrefix, dnsPrefixProblems } from "./cluster/azure-names";
import { choiceProblems } from "./cluster/choice";
import { type EncryptionDecisions, encryptionProblems, encryptsAtHost } from "./cluster/encryption";
import { identityProblems, type IdentityRef } from "./cluster/identity";
import { type MonitoringDecisions, type MonitoringPlan, monitoringProblems, planMonitoring } from "./cluster/monitoring";
import {
  type AutoscalerDecisions,
  type AutoscalerPlan,
  autoscalerProblems,
  type NodeProvisioning,
  planAutoscaler,
  provisioningProblems,
} from "./cluster/node-provisioning";
import {
  planSystemPool,
  planWorkloadPool,
  type SystemPoolDecisions,
  type SystemPoolPlan,
  systemPoolProblems,
  type WorkloadPoolDecisions,
  type WorkloadPoolPlan,
  workloadPoolProblems,
} from "./cluster/pools";
import { type SupportPlan, type Tier, tierProblems } from "./cluster/tier";
import { planUpgrades, type UpgradeDecisions, type UpgradePlan, upgradeProblems } from "./cluster/upgrades";
import { type ClusterVersion, minorOf, today, versionProblems } from "./cluster/version";
import { DEFAULT_KUBERNETES_VERSION, type KubernetesVersion } from "./catalogue/kubernetes-versions";
import { DEFAULT_ENVIRONMENT, type Environment, ENVIRONMENTS } from "./environment";
import { nameProblems } from "./names";
import { groupProblems } from "./network";
import { type Problem, refuse } from "./refuse";
import { tagProblems, type Tags } from "./tags";

/** What a cluster is, decided before anything is registered. Defaults follow `environment`; each can be overridden by itself. */
export interface ClusterDecisions extends AddressDecisions {
  /** Decides strict and loose defaults, of this component and of those on the cluster. @default "production" */
  readonly environment?: Environment;
  /** A minor version, of which AKS takes the newest patch, or one patch of it. @default "1.36" */
  readonly kubernetesVersion?: ClusterVersion;
  /** Day by which it is judged whether AKS still supports the version, as "2026-11-26". @default - today */
  readonly asOf?: string;
  /** First part of the API server's address; fixed at creation. @default - the name, with hyphens for underscores */
  readonly dnsPrefix?: string;
  /** "Standard" buys the uptime agreement, about 0.10 USD per hour; "Premium" long-term support too, about 0.60. @default "Standard"; "Free" in development */
  readonly tier?: Tier;
  /** "AKSLongTermSupport" mends a version for a second year; it needs tier "Premium". @default "KubernetesOfficial"; "AKSLongTermSupport" with "Premium" */
  readonly supportPlan?: SupportPlan;
  /** IPv4 ranges from which the API server may be reached. @default - from everywhere, with an Entra login; production wants them or `privateApiServer` */
  readonly authorizedIpRanges?: readonly string[];
  /**
   * Whether the API server has an address in the nodes' subnet only, and a name in `network.privateEndpoints.zones.cluster` or in a zone that AKS
   * makes. Whoever runs `pulumi`, for previews too, must then be inside the network or one peered with it. Fixed at creation.
   * @default false
   */
  readonly privateApiServer?: boolean;
  /** What AKS upgrades by itself, and when. @default - every Sunday night */
  readonly upgrades?: UpgradeDecisions;
  /** The system pool, fixed at creation: editing it later puts every pool of the cluster into Scaling. @default - three nodes; one in development */
  readonly systemPool?: SystemPoolDecisions;
  /** CPU nodes for everything that is not AKS's own; `false` for none. @default - one to three nodes; none in development */
  readonly workloadPool?: WorkloadPoolDecisions | false;
  /** What adds GPU nodes: pools that scale themselves, or node auto-provisioning (Karpenter), which makes nodes for pods. @default "autoscaler" */
  readonly nodeProvisioning?: NodeProvisioning;
  /** Settings of the cluster autoscaler. @default - those of its arguments */
  readonly autoscaler?: AutoscalerDecisions;
  /** Which logs and metrics are kept, and where. @default - all of it; none in development */
  readonly monitoring?: MonitoringDecisions;
  /** What AKS runs in the cluster beside Kubernetes. @default - Azure Policy and Key Vault secrets; neither in development */
  readonly addOns?: AddOnDecisions;
  /** What is encrypted beyond Azure's own, and with whose keys. @default - at the host, with Azure's keys; not at the host in development */
  readonly encryption?: EncryptionDecisions;
  /** The identity of the control plane. @default - one of its own */
  readonly identity?: IdentityRef;
  /** Tags of every Azure resource that the component makes. @default - the library's own alone */
  readonly tags?: Tags;
  /** The network as far as it is known before deployment, for the check of addresses. @default - not known */
  readonly network?: {
    /** IPv4 range of the nodes' subnet, as in "10.40.0.0/20". @default - not known */
    readonly nodeRange?: string;
  };
}

export interface ClusterPlan extends AddressPlan {
  readonly environment: Environment;
  /** The name in Azure, where azure-native cannot choose it. */
  readonly clusterName: string | undefined;
  readonly dnsPrefix: string;
  readonly kubernetesVersion: KubernetesVersion;
  /** The version as given, which may name a patch. */
  readonly givenVersion: ClusterVersion;
  readonly tier: Tier;
  readonly supportPlan: SupportPlan;
  readonly authorizedIpRanges: readonly string[];
  readonly privateApiServer: boolean;
  readonly upgrades: UpgradePlan;
  readonly systemPool: SystemPoolPlan;
  readonly workloadPool: WorkloadPoolPlan | undefined;
  readonly nodeProvisioning: NodeProvisioning;
  /** Absent with node auto-provisioning. */
  readonly autoscaler: AutoscalerPlan | undefined;
  readonly monitoring: MonitoringPlan;
  readonly addOns: AddOnPlan;
  readonly encryptionAtHost: boolean;
}

/** What is passed on to Azure, and checked where it is plain. */
export interface ClusterInputs {
  readonly resourceGroupName?: Input<string>;
}

export function planCluster(name: string, decisions: ClusterDecisions, inputs: ClusterInputs = {}): ClusterPlan {
  const { environment = DEFAULT_ENVIRONMENT, kubernetesVersion = DEFAULT_KUBERNETES_VERSION } = decisions;
  const { nodeProvisioning = "autoscaler", privateApiServer = false, authorizedIpRanges = [] } = decisions;
  const { tier, supportPlan } = planTier(environment, decisions);
  refuse(`Cluster "${name}"`, [
    ...nameProblems("cluster", "name", name),
    ...dnsPrefixProblems(decisions.dnsPrefix),
    ...choiceProblems("AKSFT-CLUSTER-29", "environment", environment, ENVIRONMENTS),
    ...versionProblems(kubernetesVersion, decisions.asOf ?? today(), supportPlan === "AKSLongTermSupport"),
    ...tierProblems(tier, supportPlan),
    ...poolProblems(environment, decisions),
    ...apiServerProblems({ environment, privateApiServer, authorizedIpRanges }),
    ...upgradeProblems(decisions.upgrades ?? {}),
    ...addressProblems(decisions, decisions.network?.nodeRange, mostNodes(environment, decisions)),
    ...monitoringProblems(environment, decisions.monitoring ?? {}),
    ...addOnProblems(decisions.addOns ?? {}, tier),
    ...encryptionProblems(decisions.encryption ?? {}),
    ...identityProblems(decisions.identity),
    ...groupProblems(inputs.resourceGroupName),
    ...tagProblems("tags", decisions.tags),
  ]);
  const encryptionAtHost = encryptsAtHost(environment, decisions.encryption ?? {});
  const workloads = workloadDecisions(environment, decisions);
  return {
    environment,
    clusterName: chosenClusterName(name),
    dnsPrefix: decisions.dnsPrefix ?? defaultDnsPrefix(name),
    kubernetesVersion: minorOf(kubernetesVersion),
    givenVersion: kubernetesVersion,
    tier,
    supportPlan,
    authorizedIpRanges,
    privateApiServer,
    upgrades: planUpgrades(environment, decisions.upgrades ?? {}),
    systemPool: planSystemPool(environment, decisions.systemPool ?? {}, workloads !== undefined),
    workloadPool: workloads && planWorkloadPool(workloads, { environment, encryptionAtHost, scalesItself: nodeProvisioning === "autoscaler" }),
    nodeProvisioning,
    autoscaler: nodeProvisioning === "autoscaler" ? planAutoscaler(decisions.autoscaler ?? {}) : undefined,
    ...planAddresses(decisions),
    monitoring: planMonitoring(environment, decisions.monitoring ?? {}),
    addOns: planAddOns(environment, decisions.addOns ?? {}),
    encryptionAtHost,
  };
}

function planTier(environment: Environment, { tier, supportPlan }: ClusterDecisions): { readonly tier: Tier; readonly supportPlan: SupportPlan } {
  const chosen = tier ?? (environment === "production" ? "Standard" : "Free");
  return { tier: chosen, supportPlan: supportPlan ?? (chosen === "Premium" ? "AKSLongTermSupport" : "KubernetesOfficial") };
}

/** Development runs everything on its system pool. */
function workloadDecisions(environment: Environment, { workloadPool }: ClusterDecisions): WorkloadPoolDecisions | undefined {
  if (workloadPool === false) return undefined;
  return workloadPool ?? (environment === "production" ? {} : undefined);
}

/** Nodes that the cluster's own pools may have together. */
function mostNodes(environment: Environment, decisions: ClusterDecisions): number {
  const workloads = workloadDecisions(environment, decisions);
  const scalesItself = decisions.nodeProvisioning !== "node-auto-provisioning";
  const pool = workloads && planWorkloadPool(workloads, { environment, encryptionAtHost: false, scalesItself });
  return planSystemPool(environment, decisions.systemPool ?? {}, false).nodes + (pool?.maxNodes ?? 0);
}

function poolProblems(environment: Environment, decisions: ClusterDecisions): Problem[] {
  const { systemPool = {}, autoscaler, nodeProvisioning = "autoscaler" } = decisions;
  const workloadPool = workloadDecisions(environment, decisions);
  return [
    ...systemPoolProblems(environment, systemPool),
    ...(workloadPool ? workloadPoolProblems(environment, workloadPool) : []),
    ...provisioningProblems({ nodeProvisioning, autoscaler, workloadPool }),
    ...autoscalerProblems(autoscaler ?? {}),
  ];
}
