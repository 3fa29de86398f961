/**
 * A registry that says who may push what, forgets old tags, survives a region and writes down every access.
 *
 * Shows what a Registry can do beyond holding images, without a cluster: a pipeline pushes datasets and nothing else, without a password; a weekly
 * task deletes old tags; pulls from two regions; logins, pushes, pulls and deletions in a workspace.
 *
 * Creates a resource group, a Log Analytics workspace, and a Premium registry with one replica, one role and one task.
 *
 * Costs idle: about 0.14 USD per hour (two copies of a Premium registry). Busy: about 0.14 USD per hour (the same; storage beyond 500 GiB, log volume
 * and a minute of the task's time a week come on top).
 *
 * Run: copy this folder, `npm install aks-fine-tuning`, replace "../../components" by "aks-fine-tuning", set the keys of Pulumi.yaml with `pulumi
 * config set`, then `pulumi up`.
 */
import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { Registry } from "../../components";

const config = new pulumi.Config();
// Plain, so that a replica in the registry's own region is refused before anything is made.
const location = "eastus";
const { name: resourceGroupName } = new resources.ResourceGroup("ai", { location });
const workspace = new operationalinsights.Workspace("audit", {
  resourceGroupName,
  location,
  sku: { name: "PerGB2018" },
  // Long enough to find out, after a quarter, who pushed what was trained on.
  retentionInDays: 180,
});

const registry = new Registry(
  "datasets",
  {
    resourceGroupName,
    location,
    // Production registries answer on no public address unless some are listed. Nodes of a cluster would come in by `network` instead.
    allowedIpRanges: config.requireObject<string[]>("allowedIpRanges"),
    // A copy near other users, at the price of the registry again.
    replicas: ["westus2"],
    // The role holds for repositories that start with "datasets/" only.
    pushedBy: { pipeline: { principalId: config.require("pipelineObjectId"), prefix: "datasets" } },
    purge: {
      olderThanDays: 30,
      // Whatever their age: runs name datasets by digest, which lives only as long as a tag does.
      keep: 20,
      filters: ["datasets/.*:.*"],
      // The task runs outside the listed addresses, so the registry has to let its own tasks in.
      networkBypass: true,
    },
    auditWorkspaceId: workspace.id,
  },
  // An accident with `pulumi destroy` would take every dataset along.
  { protect: true },
);

export const loginServer = registry.loginServer;
