import { Resource } from "@pulumi/azure-native/resources/resource";
import * as pulumi from "@pulumi/pulumi";
import { CATALOG_LISTER_ROLE, REPOSITORY_CONTRIBUTOR_ROLE } from "../plan/catalogue/azure-roles";
import type { PurgePlan } from "../plan/registry/purge";
import { grantRole } from "./access";

export interface PurgePlace {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location?: pulumi.Input<string>;
  readonly tags: Record<string, pulumi.Input<string>>;
  readonly registry: Resource;
}

/** A task that Azure runs on a schedule, with an identity of its own and the two roles that it deletes with. */
export function purgeTask(parent: pulumi.Resource, name: string, plan: PurgePlan, place: PurgePlace): Resource {
  const { resourceGroupName, location, tags, registry } = place;
  // The generic resource: the provider's own type stops at an API (2019-06-01-preview) whose tasks cannot log in to this registry by an identity.
  const task = new Resource(
    `${name}-purge`,
    {
      resourceGroupName,
      location,
      tags,
      resourceProviderNamespace: "Microsoft.ContainerRegistry",
      parentResourcePath: pulumi.interpolate`registries/${registry.name}`,
      resourceType: "tasks",
      resourceName: "purge",
      apiVersion: "2025-03-01-preview",
      identity: { type: "SystemAssigned" },
      properties: {
        status: "Enabled",
        platform: { os: "Linux", architecture: "amd64" },
        agentConfiguration: { cpu: 2 },
        timeout: 3600,
        step: { type: "EncodedTask", encodedTaskContent: plan.encodedTask, contextPath: "/dev/null" },
        trigger: { timerTriggers: [{ name: "schedule", schedule: plan.schedule, status: "Enabled" }] },
        // Tasks have no access of their own to a registry in repository-permission mode:
        // https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
        credentials: { sourceRegistry: { identity: "[system]" } },
      },
    },
    { parent },
  );
  const principalId = task.identity.apply((identity) => identity?.principalId ?? "");
  const grant = { registryId: registry.id, principalId };
  grantRole(parent, `${name}-purge-delete`, { ...grant, role: REPOSITORY_CONTRIBUTOR_ROLE });
  grantRole(parent, `${name}-purge-list`, { ...grant, role: CATALOG_LISTER_ROLE });
  return task;
}
