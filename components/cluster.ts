import { ManagedCluster, type ManagedClusterArgs } from "@pulumi/azure-native/containerservice/managedCluster";
import type * as kubernetes from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { checked } from "./checked";
import { containerLogs, controlPlaneLogs, logWorkspace } from "./cluster/logs";
import { maintenanceWindows } from "./cluster/maintenance";
import { clusterArguments } from "./cluster/managed-cluster";
import { prometheus } from "./cluster/metrics";
import { workloadPool } from "./cluster/pools";
import { clusterProvider } from "./cluster/provider";
import { clusterIdentity, clusterRoles } from "./cluster/roles";
import { wroteTo } from "./cluster/writes";
import type { NetworkRef } from "./network";
import { type Override, withOverride } from "./override";
import type { KubernetesVersion } from "./plan/catalogue/kubernetes-versions";
import { type ClusterDecisions, type ClusterPlan, planCluster } from "./plan/cluster";
import type { NodeProvisioning } from "./plan/cluster/node-provisioning";
import type { ClusterVersion } from "./plan/cluster/version";
import type { Environment } from "./plan/environment";
import type { Login } from "./plan/kubeconfig";
import { groupProblems } from "./plan/network";

/** What other components need of a cluster. An existing one is an object literal. */
export interface ClusterRef {
  /** Resource id. */
  readonly id: pulumi.Input<string>;
  /** Name in Azure. */
  readonly clusterName: pulumi.Input<string>;
  /** Resource group of the cluster. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Subnet of the nodes. */
  readonly nodeSubnetId: pulumi.Input<string>;
  /** Issuer of the service accounts' tokens, which Entra trusts for workload identity. */
  readonly oidcIssuerUrl: pulumi.Input<string>;
  /** Object id of the identity that pulls images. */
  readonly kubeletObjectId: pulumi.Input<string>;
  /** Plain: image volumes and policies depend on it. */
  readonly kubernetesVersion: KubernetesVersion;
  /** Provider of the Kubernetes objects in it. */
  readonly provider: kubernetes.Provider;
  /** What the defaults of the components on it are for. @default "production" */
  readonly environment?: Environment;
  /** The network of the nodes, for private endpoints and for what pods may reach. @default - only the nodes' subnet is known */
  readonly network?: NetworkRef;
  /** Whether the API server has a private address, in the nodes' subnet. Plain: network policies depend on it. @default false */
  readonly privateApiServer?: boolean;
  /** What adds GPU nodes: the cluster autoscaler, or node auto-provisioning (Karpenter). Never both. @default "autoscaler" */
  readonly nodeProvisioning?: NodeProvisioning;
  /** IPv4 range of the services. Plain: network policies that allow all but private addresses depend on it. @default "10.96.0.0/16" */
  readonly serviceRange?: string;
  /** The version with its patch, where the program pins one: a newer pool would be refused. @default - the newest patch of `kubernetesVersion` */
  readonly exactKubernetesVersion?: ClusterVersion;
  /** Whether AKS runs KAITO in it. Plain: what may be installed depends on it. @default - not known */
  readonly kaitoAddOn?: boolean;
  /** Azure region, for what is told where the cluster is. @default - not known */
  readonly location?: pulumi.Input<string>;
  /** Resource group of the nodes, which AKS makes. @default - not known */
  readonly nodeResourceGroup?: pulumi.Input<string>;
}

export type { NodeProvisioning } from "./plan/cluster/node-provisioning";

/** Arguments of a Cluster. */
export interface ClusterArgs extends ClusterDecisions {
  /** Resource group that the cluster is made in. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. @default - the resource group's */
  readonly location?: pulumi.Input<string>;
  /** Network that the nodes join. */
  readonly network: NetworkRef;
  /** Who runs `pulumi up`, for the role that lets them create Kubernetes objects. @default "User" */
  readonly deployerType?: "User" | "ServicePrincipal";
  /** How kubelogin signs in. @default "azurecli" */
  readonly login?: Login;
  /** Last word on the managed cluster, after every default. */
  readonly override?: Override<ManagedClusterArgs>;
}

/**
 * A cluster for tuning and serving: a small system pool, identities instead of secrets, Entra logins only.
 *
 * Creates an identity, its roles and the deployer's, the managed cluster, its maintenance windows, a pool for CPU pods, where logs and metrics go,
 * and a Kubernetes provider whose kubeconfig holds no credential. In production (the default) the API server answers listed addresses only, or,
 * as a private one, the network only: then `pulumi` has to run inside that network, for previews too.
 *
 * Idle it costs in production three system nodes and one for CPU pods (Standard_D4ds_v5), together about 0.90 USD per hour, the Standard tier 0.10,
 * and what logs and metrics come to; in development one Standard_D4s_v5, about 0.19. Busy: up to two CPU nodes more; GPU nodes are their pools' cost.
 *
 * @example
 * const cluster = new Cluster("ai", { resourceGroupName, network, authorizedIpRanges: ["203.0.113.8/32"] });
 *
 * @example
 * const cluster = new Cluster("ai", { resourceGroupName, network, environment: "development" });
 */
export class Cluster extends pulumi.ComponentResource implements ClusterRef {
  readonly id: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  readonly nodeSubnetId: pulumi.Output<string>;
  readonly oidcIssuerUrl: pulumi.Output<string>;
  readonly kubeletObjectId: pulumi.Output<string>;
  readonly kubernetesVersion: KubernetesVersion;
  readonly exactKubernetesVersion: ClusterVersion;
  readonly provider: kubernetes.Provider;
  readonly environment: Environment;
  readonly network: NetworkRef;
  readonly privateApiServer: boolean;
  readonly nodeProvisioning: NodeProvisioning;
  readonly serviceRange: string;
  readonly kaitoAddOn: boolean;
  readonly location: pulumi.Output<string>;
  readonly nodeResourceGroup: pulumi.Output<string>;
  /** Log Analytics workspace, for the logs of other resources; absent without logs. */
  readonly logWorkspaceId: pulumi.Output<string> | undefined;
  /** Azure Monitor workspace with the cluster's metrics; absent without metrics. */
  readonly metricsWorkspaceId: pulumi.Output<string> | undefined;
  /** The managed cluster itself, for whatever this component does not expose. */
  readonly managedCluster: ManagedCluster;

  constructor(name: string, given: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planCluster(name, given, given);
    const args = { ...given, resourceGroupName: checked(`Cluster "${name}"`, given.resourceGroupName, groupProblems) };
    super("aks-fine-tuning:index:Cluster", name, { ...plan }, opts);
    this.environment = plan.environment;
    this.network = args.network;
    this.privateApiServer = plan.privateApiServer;
    this.nodeProvisioning = plan.nodeProvisioning;
    this.serviceRange = plan.serviceRange;
    this.kubernetesVersion = plan.kubernetesVersion;
    this.exactKubernetesVersion = plan.givenVersion;
    this.kaitoAddOn = plan.addOns.kaito;

    const identity = clusterIdentity(this, name, args);
    this.logWorkspaceId = logWorkspace(this, name, plan, args);
    this.managedCluster = new ManagedCluster(
      name,
      withOverride(args.override, clusterArguments(name, plan, args, { identityId: identity.id, logsId: this.logWorkspaceId })),
      { parent: this, dependsOn: clusterRoles(this, name, plan, args, identity), ignoreChanges: ignoredChanges(plan) },
    );
    wroteTo(this, this.managedCluster);

    this.id = this.managedCluster.id;
    this.clusterName = this.managedCluster.name;
    this.resourceGroupName = pulumi.output(args.resourceGroupName);
    this.location = this.managedCluster.location;
    this.nodeResourceGroup = this.managedCluster.nodeResourceGroup.apply((group) => group ?? "");
    this.nodeSubnetId = pulumi.output(args.network.nodeSubnetId);
    this.oidcIssuerUrl = this.managedCluster.oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? "");
    this.kubeletObjectId = this.managedCluster.identityProfile.apply((profile) => profile?.["kubeletidentity"]?.objectId ?? "");
    this.provider = clusterProvider(name, this, args.login, { parent: this });

    maintenanceWindows(this, name, plan, args);
    workloadPool(this, name, plan, args);
    if (this.logWorkspaceId) controlPlaneLogs(this, name, this.logWorkspaceId);
    if (this.logWorkspaceId && plan.monitoring.containerLogs) containerLogs(this, name, args, this.logWorkspaceId);
    this.metricsWorkspaceId = plan.monitoring.metrics === "none" ? undefined : prometheus(this, name, args);
    this.registerOutputs({ id: this.id, clusterName: this.clusterName });
  }
}

/** The system pool is never edited after creation; an upgrade channel moves the version. */
function ignoredChanges({ upgrades }: ClusterPlan): string[] {
  return [...(upgrades.movesVersion ? ["kubernetesVersion"] : []), "agentPoolProfiles"];
}
