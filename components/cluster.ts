import * as authorization from "@pulumi/azure-native/authorization";
import * as containerservice from "@pulumi/azure-native/containerservice";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as kubernetes from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { clusterArguments, maintenanceWindows } from "./cluster-arguments";
import type { NetworkRef } from "./network";
import { type Override, withOverride } from "./override";
import { DEPLOYER_ROLE, NETWORK_ROLE, roleDefinitionId } from "./plan/catalogue/azure-roles";
import type { KubernetesVersion } from "./plan/catalogue/kubernetes-versions";
import { type ClusterDecisions, planCluster } from "./plan/cluster";
import { guidFrom } from "./plan/digest";
import type { Environment } from "./plan/environment";
import { execKubeconfig, type Login } from "./plan/kubeconfig";

/** What other components need of a cluster. An existing one is an object literal. */
export interface ClusterRef {
  readonly id: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly nodeSubnetId: pulumi.Input<string>;
  /** Issuer of the service accounts' tokens, which Entra trusts for workload identity. */
  readonly oidcIssuerUrl: pulumi.Input<string>;
  /** Object id of the identity that pulls images. */
  readonly kubeletObjectId: pulumi.Input<string>;
  /** Plain: image volumes and policies depend on it. */
  readonly kubernetesVersion: KubernetesVersion;
  readonly provider: kubernetes.Provider;
  /** @default "production" */
  readonly environment?: Environment;
  /** The network of the nodes, for private endpoints and for what pods may reach. @default - only the nodes' subnet is known */
  readonly network?: NetworkRef;
  /** Whether the API server has a private address, in the nodes' subnet. Plain: network policies depend on it. @default false */
  readonly privateApiServer?: boolean;
  /** What adds GPU nodes: the cluster autoscaler, or node auto-provisioning (Karpenter). Never both. @default "autoscaler" */
  readonly nodeProvisioning?: NodeProvisioning;
}

/** What adds and removes nodes. */
export type NodeProvisioning = "autoscaler" | "node-auto-provisioning";

export interface ClusterArgs extends ClusterDecisions {
  readonly resourceGroupName: pulumi.Input<string>;
  /** @default - the resource group's region */
  readonly location?: pulumi.Input<string>;
  readonly network: NetworkRef;
  /** Who runs `pulumi up`, for the role that lets them create Kubernetes objects. @default "User" */
  readonly deployerType?: "User" | "ServicePrincipal";
  /** How kubelogin signs in. @default "azurecli" */
  readonly login?: Login;
  /** Last word on the managed cluster, after every default. */
  readonly override?: Override<containerservice.ManagedClusterArgs>;
}

/**
 * A cluster for tuning and serving: one small system pool, identities instead of secrets, Entra logins only.
 *
 * Creates an identity, the managed cluster, its maintenance windows, the deployer's and the identity's roles, and a Kubernetes provider whose
 * kubeconfig holds no credential. Idle it costs its system pool: one Standard_D4s_v5, about 0.19 USD per hour.
 *
 * @example
 * const cluster = new Cluster("ai", { resourceGroupName, network });
 */
export class Cluster extends pulumi.ComponentResource implements ClusterRef {
  readonly id: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  readonly nodeSubnetId: pulumi.Output<string>;
  readonly oidcIssuerUrl: pulumi.Output<string>;
  readonly kubeletObjectId: pulumi.Output<string>;
  readonly kubernetesVersion: KubernetesVersion;
  readonly provider: kubernetes.Provider;
  readonly managedCluster: containerservice.ManagedCluster;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planCluster(name, args);
    super("aks-fine-tuning:index:Cluster", name, { ...plan }, opts);
    const { resourceGroupName, location } = args;

    const identity = new managedidentity.UserAssignedIdentity(name, { resourceGroupName, location }, { parent: this });
    const roles = [deployerRole(this, name, args), networkRole(this, name, args, identity)];
    this.managedCluster = new containerservice.ManagedCluster(
      name,
      withOverride(args.override, clusterArguments(name, plan, args, identity.id)),
      // The upgrade channel moves the version; the system pool is never edited after creation.
      { parent: this, dependsOn: roles, ignoreChanges: ["kubernetesVersion", "agentPoolProfiles"] },
    );
    for (const window of maintenanceWindows(resourceGroupName, this.managedCluster.name)) {
      new containerservice.MaintenanceConfiguration(`${name}-${window.suffix}`, window.args, { parent: this.managedCluster });
    }

    this.id = this.managedCluster.id;
    this.clusterName = this.managedCluster.name;
    this.resourceGroupName = pulumi.output(resourceGroupName);
    this.nodeSubnetId = pulumi.output(args.network.nodeSubnetId);
    this.oidcIssuerUrl = this.managedCluster.oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? "");
    this.kubeletObjectId = this.managedCluster.identityProfile.apply((profile) => profile?.["kubeletidentity"]?.objectId ?? "");
    this.kubernetesVersion = plan.kubernetesVersion;
    this.provider = kubernetesProvider(this, name, args.login ?? "azurecli");
    this.registerOutputs({ id: this.id, clusterName: this.clusterName });
  }
}

/** The role takes minutes to act, so it is given before the cluster exists: at the resource group, which contains it. */
function deployerRole(parent: Cluster, name: string, args: ClusterArgs): authorization.RoleAssignment {
  const client = authorization.getClientConfigOutput({ parent });
  const scope = pulumi.interpolate`/subscriptions/${client.subscriptionId}/resourceGroups/${args.resourceGroupName}`;
  return new authorization.RoleAssignment(
    `${name}-deployer`,
    {
      scope,
      principalId: client.objectId,
      principalType: args.deployerType ?? "User",
      roleDefinitionId: roleDefinitionId(client.subscriptionId, DEPLOYER_ROLE),
      roleAssignmentName: pulumi.all([scope, client.objectId]).apply(([at, who]) => guidFrom(at, who, DEPLOYER_ROLE)),
    },
    { parent },
  );
}

function networkRole(
  parent: Cluster,
  name: string,
  args: ClusterArgs,
  identity: managedidentity.UserAssignedIdentity,
): authorization.RoleAssignment {
  const client = authorization.getClientConfigOutput({ parent });
  const scope = pulumi.output(args.network.nodeSubnetId);
  return new authorization.RoleAssignment(
    `${name}-network`,
    {
      scope,
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: roleDefinitionId(client.subscriptionId, NETWORK_ROLE),
      roleAssignmentName: pulumi.all([scope, identity.id]).apply(([at, who]) => guidFrom(at, who, NETWORK_ROLE)),
    },
    { parent },
  );
}

/** `clusterIdentifier` keeps a changed kubeconfig from replacing every object in the cluster. */
function kubernetesProvider(cluster: Cluster, name: string, login: Login): kubernetes.Provider {
  const credentials = containerservice.listManagedClusterUserCredentialsOutput(
    { resourceGroupName: cluster.resourceGroupName, resourceName: cluster.clusterName, format: "exec" },
    { parent: cluster },
  );
  const kubeconfig = credentials.kubeconfigs.apply(([first]) => execKubeconfig(first?.value ?? "", login));
  return new kubernetes.Provider(name, { kubeconfig, clusterIdentifier: cluster.id }, { parent: cluster });
}
