import { MaintenanceConfiguration } from "@pulumi/azure-native/containerservice/maintenanceConfiguration";
import type { Cluster, ClusterArgs } from "../cluster";
import { afterOtherWrites, wroteTo } from "./writes";
import type { ClusterPlan } from "../plan/cluster";

/** When AKS may upgrade: one window for each channel that is on. */
export function maintenanceWindows(cluster: Cluster, name: string, plan: ClusterPlan, { resourceGroupName }: ClusterArgs): void {
  for (const { suffix, configName, dayOfWeek, startTime, utcOffset, durationHours } of plan.upgrades.windows) {
    const window = new MaintenanceConfiguration(
      `${name}-${suffix}`,
      {
        resourceGroupName,
        resourceName: cluster.clusterName,
        configName,
        maintenanceWindow: { durationHours, startTime, utcOffset, schedule: { weekly: { dayOfWeek, intervalWeeks: 1 } } },
      },
      { parent: cluster.managedCluster, dependsOn: afterOtherWrites(cluster) },
    );
    wroteTo(cluster, window);
  }
}
