import { AzureMonitorWorkspace } from "@pulumi/azure-native/monitor/azureMonitorWorkspace";
import { DataCollectionEndpoint } from "@pulumi/azure-native/monitor/dataCollectionEndpoint";
import { DataCollectionRule } from "@pulumi/azure-native/monitor/dataCollectionRule";
import { DataCollectionRuleAssociation } from "@pulumi/azure-native/monitor/dataCollectionRuleAssociation";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster, ClusterArgs } from "../cluster";
import { chosenChildName } from "../plan/cluster/azure-names";
import { tagged } from "../plan/tags";

/** Names by which the agent of managed Prometheus knows its rule: https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable */
const STREAM = "Microsoft-PrometheusMetrics";
const ACCOUNT = "MonitoringAccount1";
const ASSOCIATION = "ContainerInsightsMetricsExtension";

/** Managed Prometheus beyond the cluster's own switch: workspace, endpoint, rule and the rule's association with the cluster. The workspace's id. */
export function prometheus(cluster: Cluster, name: string, args: ClusterArgs): pulumi.Output<string> {
  const { metrics } = args.monitoring ?? {};
  const existing = typeof metrics === "object" ? metrics : undefined;
  // Endpoint and rule lie where the workspace lies.
  const place = { resourceGroupName: args.resourceGroupName, location: existing?.location ?? args.location };
  const tags = tagged("Cluster", name, args.tags);
  const child = `${name}-metrics`;
  const azureName = chosenChildName(child);
  const parent = { parent: cluster };

  const workspaceId = existing
    ? pulumi.output(existing.id)
    : new AzureMonitorWorkspace(child, { ...place, azureMonitorWorkspaceName: azureName, tags }, parent).id;
  const endpoint = new DataCollectionEndpoint(child, { ...place, dataCollectionEndpointName: azureName, kind: "Linux", tags }, parent);
  const rule = new DataCollectionRule(
    child,
    {
      ...place,
      dataCollectionRuleName: azureName,
      kind: "Linux",
      dataCollectionEndpointId: endpoint.id,
      dataSources: { prometheusForwarder: [{ name: "PrometheusDataSource", streams: [STREAM], labelIncludeFilter: {} }] },
      destinations: { monitoringAccounts: [{ name: ACCOUNT, accountResourceId: workspaceId }] },
      dataFlows: [{ streams: [STREAM], destinations: [ACCOUNT] }],
      tags,
    },
    parent,
  );
  new DataCollectionRuleAssociation(child, { associationName: ASSOCIATION, resourceUri: cluster.id, dataCollectionRuleId: rule.id }, parent);
  return workspaceId;
}
