import { getRegistryOutput } from "@pulumi/azure-native/containerregistry/getRegistry";
import { Replication } from "@pulumi/azure-native/containerregistry/replication";
import { Resource, type ResourceArgs } from "@pulumi/azure-native/resources/resource";
import * as pulumi from "@pulumi/pulumi";
import { checked } from "./checked";
import type { ClusterRef } from "./cluster";
import type { NetworkRef } from "./network";
import { type Override, withOverride } from "./override";
import { groupProblems } from "./plan/network";
import { planRegistry, type RegistryDecisions, type RegistryPlan } from "./plan/registry";
import { tagged } from "./plan/tags";
import { grantPull, grantPushers, type RegistryPusher } from "./registry/access";
import { auditLog } from "./registry/audit";
import { privateEndpoint } from "./network/private-endpoint";
import { purgeTask } from "./registry/purge";

/** Where images live. An existing registry is an object literal. */
export interface RegistryRef {
  /** Resource id. */
  readonly id: pulumi.Input<string>;
  /** Host name that image references start with, for example `mlreg.azurecr.io`. */
  readonly loginServer: pulumi.Input<string>;
}

/** Arguments of a Registry. */
export interface RegistryArgs extends RegistryDecisions {
  /** Resource group that the registry is made in. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Azure region. @default - the resource group's */
  readonly location?: pulumi.Input<string>;
  /** Network whose private endpoints' subnet gets an address of the registry. Needs Premium. @default - no private endpoint */
  readonly network?: NetworkRef;
  /** Cluster whose nodes may pull. @default - none */
  readonly pulledBy?: ClusterRef;
  /** Who else may push, by a name that is part of the role's logical name, each under a prefix of repositories. @default - nobody */
  readonly pushedBy?: Readonly<Record<string, RegistryPusher>>;
  /** Log Analytics workspace for logins, pushes, pulls and deletions. @default - no audit log */
  readonly auditWorkspaceId?: pulumi.Input<string>;
  /** Last word on the registry, after every default. */
  readonly override?: Override<ResourceArgs>;
}

/**
 * A private registry that gives permissions by repository, without passwords.
 *
 * Creates a container registry with admin user and anonymous pull off, the pull role of a cluster's nodes, and what else is asked for: a private
 * endpoint, replicas, push roles, a purge task, an audit log. A production registry answers on no public address: whoever pushes to it, such
 * as a `DatasetImage` built by `pulumi up`, must run inside the network or come from one of `allowedIpRanges`; from elsewhere the push ends with
 * 403 and "client with IP is not allowed access". Standard costs about 0.028 USD per hour, idle or busy; Premium about 0.069 and as much
 * for each replica, and a private endpoint 0.01.
 *
 * @example
 * const adapters = new Registry("adapters", { resourceGroupName, network, pulledBy: cluster, purge: { keep: 5 } }, { protect: true });
 */
export class Registry extends pulumi.ComponentResource implements RegistryRef {
  readonly id: pulumi.Output<string>;
  readonly loginServer: pulumi.Output<string>;
  /** The registry itself, for whatever this component does not expose. */
  readonly registry: Resource;

  constructor(name: string, given: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planRegistry(name, pulumi.getProject(), pulumi.getStack(), given, {
      resourceGroupName: given.resourceGroupName,
      location: given.location,
      privateEndpoints: given.network?.privateEndpoints !== undefined,
      pushPrefixes: Object.fromEntries(Object.entries(given.pushedBy ?? {}).map(([who, { prefix }]) => [who, prefix])),
    });
    const { registryName, sku, reach } = plan;
    super("aks-fine-tuning:index:Registry", name, { registryName, sku, reach }, opts);
    const args = { ...given, resourceGroupName: checked(`Registry "${name}"`, given.resourceGroupName, groupProblems) };
    const { resourceGroupName, location } = args;
    const tags = tagged("Registry", name, args.tags);

    this.registry = containerRegistry(this, name, plan, args);
    this.id = this.registry.id;
    const place = { resourceGroupName, location, tags };
    const copies = replicas(this, name, plan, { ...place, registryName: this.registry.name });
    const endpoints = args.network?.privateEndpoints;
    // The endpoint takes an address for each replica, so the last one stands before it.
    const target = { ...place, id: this.id, group: "registry", zone: "registry", after: copies.slice(-1) } as const;
    this.loginServer = loginServerOf(this, resourceGroupName, endpoints && privateEndpoint(this, name, endpoints, target).at(-1));
    if (args.pulledBy) grantPull(this, name, { registryId: this.id, principalId: args.pulledBy.kubeletObjectId }, args.pullPrefix);
    grantPushers(this, name, this.id, args.pushedBy ?? {});
    if (plan.purge) purgeTask(this, name, plan.purge, { ...place, registry: this.registry });
    if (args.auditWorkspaceId !== undefined) auditLog(this, name, this.id, args.auditWorkspaceId);
    this.registerOutputs({ id: this.id, loginServer: this.loginServer });
  }
}

/** The generic resource: the provider's own type stops at an API without repository permissions (2023-01-01-preview). */
function containerRegistry(parent: Registry, name: string, plan: RegistryPlan, args: RegistryArgs): Resource {
  return new Resource(
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
      properties: plan.properties,
      tags: tagged("Registry", name, args.tags),
    }),
    { parent },
  );
}

interface ReplicaPlace {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly registryName: pulumi.Input<string>;
  readonly tags: Record<string, pulumi.Input<string>>;
}

/** One after another: of registries that got theirs all at once, some never became ready (https://github.com/Azure/acr/issues/647). */
function replicas(parent: Registry, name: string, plan: RegistryPlan, place: ReplicaPlace): Replication[] {
  const { resourceGroupName, registryName, tags } = place;
  const zoneRedundancy = plan.zoneRedundant === undefined ? undefined : plan.zoneRedundant ? "Enabled" : "Disabled";
  const made: Replication[] = [];
  for (const location of plan.replicas) {
    const args = { resourceGroupName, registryName, replicationName: location, location, zoneRedundancy, tags };
    made.push(new Replication(`${name}-${location}`, args, { parent, dependsOn: made.slice(-1) }));
  }
  return made;
}

/** Looked up, for in a preview the generic resource only repeats the properties it was given. Whoever uses it waits for the way in. */
function loginServerOf(
  parent: Registry,
  resourceGroupName: pulumi.Input<string>,
  inside: pulumi.CustomResource | undefined,
): pulumi.Output<string> {
  const { loginServer } = getRegistryOutput({ resourceGroupName, registryName: parent.registry.name }, { parent });
  return inside ? pulumi.all([loginServer, inside.id]).apply(([server]) => server) : loginServer;
}
