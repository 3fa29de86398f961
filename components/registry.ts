import * as authorization from "@pulumi/azure-native/authorization";
import * as containerregistry from "@pulumi/azure-native/containerregistry";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "./cluster";
import { type Override, withOverride } from "./override";
import { REPOSITORY_READER_ROLE, roleDefinitionId } from "./plan/catalogue/azure-roles";
import { guidFrom } from "./plan/digest";
import { type RegistryDecisions, planRegistry } from "./plan/registry";

/** Where images live. An existing registry is an object literal. */
export interface RegistryRef {
  readonly id: pulumi.Input<string>;
  /** Host name that image references start with, for example `mlreg.azurecr.io`. */
  readonly loginServer: pulumi.Input<string>;
}

export interface RegistryArgs extends RegistryDecisions {
  readonly resourceGroupName: pulumi.Input<string>;
  /** @default - the resource group's region */
  readonly location?: pulumi.Input<string>;
  /** Cluster whose nodes may pull from every repository. @default - none */
  readonly pulledBy?: ClusterRef;
  /** Last word on the registry, after every default. */
  readonly override?: Override<resources.ResourceArgs>;
}

/**
 * A private registry that gives permissions by repository, without passwords.
 *
 * Creates a container registry with admin user and anonymous pull off, and the pull role of a cluster's nodes. Standard costs about
 * 0.028 USD per hour, idle or busy; Premium about 0.069.
 *
 * @example
 * const adapters = new Registry("adapters", { resourceGroupName, pulledBy: cluster });
 */
export class Registry extends pulumi.ComponentResource implements RegistryRef {
  readonly id: pulumi.Output<string>;
  readonly loginServer: pulumi.Output<string>;
  readonly registry: resources.Resource;

  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planRegistry(name, pulumi.getProject(), pulumi.getStack(), args);
    super("aks-fine-tuning:index:Registry", name, { ...plan }, opts);

    // The generic resource: the provider's own type stops at an API without repository permissions (2023-01-01-preview).
    this.registry = new resources.Resource(
      name,
      withOverride(args.override, {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        resourceProviderNamespace: "Microsoft.ContainerRegistry",
        parentResourcePath: "",
        resourceType: "registries",
        resourceName: plan.registryName,
        apiVersion: "2025-11-01",
        sku: { name: plan.sku },
        properties: { adminUserEnabled: false, anonymousPullEnabled: false, roleAssignmentMode: "AbacRepositoryPermissions" },
      }),
      { parent: this },
    );
    this.id = this.registry.id;
    // Looked up, for in a preview the generic resource only repeats the properties it was given.
    const { resourceGroupName } = args;
    const registryName = this.registry.name;
    this.loginServer = containerregistry.getRegistryOutput({ resourceGroupName, registryName }, { parent: this }).loginServer;
    if (args.pulledBy) pullRole(this, name, args.pulledBy);
    this.registerOutputs({ id: this.id, loginServer: this.loginServer });
  }
}

function pullRole(registry: Registry, name: string, cluster: ClusterRef): void {
  const client = authorization.getClientConfigOutput({ parent: registry });
  const principalId = pulumi.output(cluster.kubeletObjectId);
  new authorization.RoleAssignment(
    `${name}-pull`,
    {
      scope: registry.id,
      principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: roleDefinitionId(client.subscriptionId, REPOSITORY_READER_ROLE),
      roleAssignmentName: pulumi.all([registry.id, principalId]).apply(([at, who]) => guidFrom(at, who, REPOSITORY_READER_ROLE)),
    },
    { parent: registry },
  );
}
