import type { Input, Output } from "@pulumi/pulumi";
import type { ClusterArgs } from "../cluster";
import type { ClusterPlan } from "../plan/cluster";

/** Each with `enabled`, as AKS leaves alone what a request does not name. The add-ons' settings are text, flags too. */
export function addOnProfiles({ addOns, monitoring }: ClusterPlan, logsId: Output<string> | undefined) {
  const agent: Record<string, Input<string>> = logsId && monitoring.containerLogs ? { logAnalyticsWorkspaceResourceID: logsId, useAADAuth: "true" } : {};
  return {
    azurepolicy: addOn(addOns.azurePolicy, { version: "v2" }),
    azureKeyvaultSecretsProvider: addOn(addOns.keyVaultSecrets, { enableSecretRotation: "true", rotationPollInterval: "2m" }),
    omsagent: addOn(monitoring.containerLogs, agent),
    // Gone since Kubernetes 1.19, where AKS refuses to enable it (Azure/azure-cli#15267); scanners want it said (CKV_AZURE_8).
    kubeDashboard: addOn(false, {}),
  };
}

function addOn(enabled: boolean, config: Record<string, Input<string>>) {
  return enabled ? { enabled, config } : { enabled };
}

export function securityProfile({ addOns, monitoring }: ClusterPlan, { encryption }: ClusterArgs, logsId: Output<string> | undefined) {
  const { etcd } = encryption ?? {};
  return {
    workloadIdentity: { enabled: true },
    // Model images are large; what nothing uses is removed from the nodes' disks.
    imageCleaner: { enabled: true, intervalHours: addOns.imageCleanerHours },
    defender: {
      securityMonitoring: { enabled: monitoring.defender },
      logAnalyticsWorkspaceResourceId: monitoring.defender ? logsId : undefined,
    },
    azureKeyVaultKms: etcd && {
      enabled: true,
      keyId: etcd.keyId,
      keyVaultNetworkAccess: etcd.vaultAccess ?? "Public",
      // To be left empty where the vault is public, as the API says.
      keyVaultResourceId: etcd.vaultAccess === "Private" ? etcd.vaultId : undefined,
    },
  };
}
