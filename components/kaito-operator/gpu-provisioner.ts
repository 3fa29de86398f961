import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig";
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import { RoleDefinition } from "@pulumi/azure-native/authorization/roleDefinition";
import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import type { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";
import { checked } from "../checked";
import type { ClusterRef } from "../cluster";
import { GPU_PROVISIONER_ACTIONS, GPU_PROVISIONER_CHART, GPU_PROVISIONER_VERSION } from "../plan/catalogue/kaito-charts";
import { guidFrom, shortHash } from "../plan/digest";
import { DEFAULT_PROVISIONER_IMAGE, type KaitoChartPlan, type KaitoOperatorPlan } from "../plan/kaito/operator";
import { controllerImageProblems } from "../plan/kaito/operator/sources";
import { gpuProvisionerValues, provisionerImage } from "../plan/manifests/kaito-charts";
import { PROVISIONER_TRAFFIC } from "../plan/manifests/kaito-namespaces";
import { tagged, type Tags } from "../plan/tags";
import { chartArguments, installed } from "./charts";
import { controllerNamespace } from "./namespace";

export interface GpuProvisionerInputs {
  readonly cluster: ClusterRef;
  readonly provisionerImage?: pulumi.Input<string>;
  readonly provisionerRoleId?: pulumi.Input<string>;
  readonly tags?: Tags;
}

/** AKS's GPU provisioner: an identity that may do to this cluster's pools what it must, and the chart that takes it on. */
export function gpuProvisioner(
  parent: pulumi.Resource,
  name: string,
  plan: KaitoOperatorPlan,
  chart: KaitoChartPlan,
  inputs: GpuProvisionerInputs,
): Release {
  const { cluster } = inputs;
  const part = `${name}-provisioner`;
  const identity = new UserAssignedIdentity(
    part,
    { resourceGroupName: cluster.resourceGroupName, tags: tagged("KaitoOperator", name, inputs.tags) },
    { parent },
  );
  // It signs in and reads at its start, so both are there before it.
  const trusted = [permission(parent, part, identity, inputs), credential(parent, part, identity, cluster)];
  const { release: namespace } = GPU_PROVISIONER_CHART;
  const { kubernetesVersion, provider } = cluster;
  const place = { namespace, podSecurity: "restricted", kubernetesVersion, traffic: PROVISIONER_TRAFFIC, smallContainers: true } as const;
  const guards = controllerNamespace(part, place, { parent, provider });
  const image = checked("KaitoOperator", inputs.provisionerImage ?? DEFAULT_PROVISIONER_IMAGE, (known) =>
    controllerImageProblems("provisionerImage", known, plan.environment),
  );
  const values = gpuProvisionerValues(surroundings(parent, cluster, identity), pulumi.output(image).apply(provisionerImage), chart.logLevel);
  const args = chartArguments(GPU_PROVISIONER_CHART, { version: GPU_PROVISIONER_VERSION, mirror: chart.chartRepository, values });
  return installed(part, args, { parent, provider, dependsOn: [...guards, ...trusted] });
}

function surroundings(parent: pulumi.Resource, cluster: ClusterRef, identity: UserAssignedIdentity) {
  const { subscriptionId, tenantId } = getClientConfigOutput({ parent });
  const { clusterName, resourceGroupName, nodeResourceGroup = "", location = "" } = cluster;
  return { subscriptionId, tenantId, clientId: identity.clientId, clusterName, resourceGroupName, nodeResourceGroup, location };
}

/** On the one cluster. A role of a custom definition is made in the cluster's resource group, as no narrower place can hold one. */
function permission(parent: pulumi.Resource, part: string, identity: UserAssignedIdentity, { cluster, provisionerRoleId }: GpuProvisionerInputs): RoleAssignment {
  const { subscriptionId } = getClientConfigOutput({ parent });
  const own = () => poolsRole(parent, part, cluster, subscriptionId).name;
  // Written as Azure answers it, by subscription.
  const role = provisionerRoleId ?? pulumi.interpolate`/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${own()}`;
  const scope = pulumi.output(cluster.id);
  return new RoleAssignment(
    part,
    {
      scope,
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: role,
      roleAssignmentName: pulumi.all([scope, identity.id]).apply(([at, who]) => guidFrom(at, who, "gpu-provisioner")),
    },
    { parent },
  );
}

/** https://learn.microsoft.com/azure/role-based-access-control/custom-roles; names are unique in a tenant. */
function poolsRole(parent: pulumi.Resource, part: string, cluster: ClusterRef, subscriptionId: pulumi.Output<string>): RoleDefinition {
  const scope = pulumi.interpolate`/subscriptions/${subscriptionId}/resourceGroups/${cluster.resourceGroupName}`;
  const of = pulumi.all([scope, cluster.clusterName]);
  return new RoleDefinition(
    part,
    {
      scope,
      roleDefinitionId: of.apply(([at, clusterName]) => guidFrom(at, clusterName, "gpu-provisioner")),
      roleName: of.apply(([at, clusterName]) => `GPU provisioner of ${clusterName} ${shortHash(`${at}/${clusterName}`, 8)}`),
      description: "Makes and removes the agent pools of an AKS cluster, and nothing else.",
      roleType: "CustomRole",
      permissions: [{ actions: [...GPU_PROVISIONER_ACTIONS], notActions: [] }],
      assignableScopes: [scope],
    },
    { parent },
  );
}

function credential(parent: pulumi.Resource, part: string, identity: UserAssignedIdentity, cluster: ClusterRef): FederatedIdentityCredential {
  const { release } = GPU_PROVISIONER_CHART;
  return new FederatedIdentityCredential(
    part,
    {
      resourceGroupName: cluster.resourceGroupName,
      resourceName: identity.name,
      issuer: cluster.oidcIssuerUrl,
      subject: `system:serviceaccount:${release}:${release}`,
      audiences: ["api://AzureADTokenExchange"],
    },
    { parent },
  );
}
