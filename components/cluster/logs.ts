import { DataCollectionRule } from "@pulumi/azure-native/monitor/dataCollectionRule";
import { DataCollectionRuleAssociation } from "@pulumi/azure-native/monitor/dataCollectionRuleAssociation";
import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster, ClusterArgs } from "../cluster";
import { afterOtherWrites, wroteTo } from "./writes";
import type { ClusterPlan } from "../plan/cluster";
import { chosenChildName } from "../plan/cluster/azure-names";
import { tagged } from "../plan/tags";

/**
 * What is kept of the control plane: who changed what (`kube-audit-admin`; the far larger `kube-audit` adds reads), sign-ins, and its
 * components' own logs. PSRule Azure.AKS.AuditLogs, AuditAdmin and PlatformLogs.
 */
const CATEGORIES = [
  "guard",
  "kube-audit-admin",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "cluster-autoscaler",
  "cloud-controller-manager",
];

/** The Log Analytics workspace: given, made, or none. */
export function logWorkspace(cluster: Cluster, name: string, plan: ClusterPlan, args: ClusterArgs): pulumi.Output<string> | undefined {
  const { logs } = args.monitoring ?? {};
  if (typeof logs === "object") return pulumi.output(logs.id);
  if (plan.monitoring.logs === "none") return undefined;
  const workspace = new Workspace(
    `${name}-logs`,
    {
      resourceGroupName: args.resourceGroupName,
      workspaceName: chosenChildName(`${name}-logs`),
      location: args.location,
      sku: { name: "PerGB2018" },
      retentionInDays: plan.monitoring.retentionDays,
      tags: tagged("Cluster", name, args.tags),
    },
    { parent: cluster },
  );
  return workspace.id;
}

/** Sends the control plane's logs to the workspace, into tables of their own. */
export function controlPlaneLogs(cluster: Cluster, name: string, workspaceId: pulumi.Output<string>): void {
  const setting = new DiagnosticSetting(
    `${name}-control-plane`,
    {
      resourceUri: cluster.id,
      workspaceId,
      logAnalyticsDestinationType: "Dedicated",
      logs: CATEGORIES.map((category) => ({ category, enabled: true })),
      metrics: [{ category: "AllMetrics", enabled: true }],
    },
    { parent: cluster, dependsOn: afterOtherWrites(cluster) },
  );
  wroteTo(cluster, setting);
}

/** Streams of the preset "logs and events", as numbers are Prometheus's: https://learn.microsoft.com/azure/azure-monitor/containers/container-insights-data-collection-configure */
const STREAMS = ["Microsoft-ContainerLogV2", "Microsoft-KubeEvents", "Microsoft-KubePodInventory"];
/** Both names are the agent's own. */
const EXTENSION = "ContainerInsightsExtension";
const DESTINATION = "ciworkspace";

/** What the agent on the nodes collects. It signs in with Entra and does nothing without this rule. */
export function containerLogs(cluster: Cluster, name: string, args: ClusterArgs, workspaceResourceId: pulumi.Output<string>): void {
  const { logs } = args.monitoring ?? {};
  const rule = new DataCollectionRule(
    `${name}-container-logs`,
    {
      resourceGroupName: args.resourceGroupName,
      dataCollectionRuleName: chosenChildName(`${name}-container-logs`),
      // A rule lies where its workspace lies.
      location: (typeof logs === "object" ? logs.location : undefined) ?? args.location,
      kind: "Linux",
      dataSources: {
        extensions: [
          {
            name: EXTENSION,
            extensionName: "ContainerInsights",
            streams: STREAMS,
            extensionSettings: { dataCollectionSettings: { interval: "1m", namespaceFilteringMode: "Off", enableContainerLogV2: true } },
          },
        ],
      },
      destinations: { logAnalytics: [{ name: DESTINATION, workspaceResourceId }] },
      dataFlows: [{ streams: STREAMS, destinations: [DESTINATION] }],
      tags: tagged("Cluster", name, args.tags),
    },
    { parent: cluster },
  );
  new DataCollectionRuleAssociation(
    `${name}-container-logs`,
    { associationName: EXTENSION, resourceUri: cluster.id, dataCollectionRuleId: rule.id },
    { parent: cluster },
  );
}
