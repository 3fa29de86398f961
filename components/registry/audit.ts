import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting";
import type * as pulumi from "@pulumi/pulumi";

/** https://learn.microsoft.com/azure/container-registry/monitor-container-registry-reference#resource-logs */
const CATEGORIES = ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"];

/** Who logged in, and who pushed, pulled and deleted what, into a Log Analytics workspace. */
export function auditLog(parent: pulumi.Resource, name: string, resourceUri: pulumi.Input<string>, workspaceId: pulumi.Input<string>): void {
  new DiagnosticSetting(
    `${name}-audit`,
    {
      resourceUri,
      name: "audit",
      workspaceId,
      logs: CATEGORIES.map((category) => ({ category, enabled: true })),
      metrics: [{ category: "AllMetrics", enabled: true }],
    },
    { parent },
  );
}
