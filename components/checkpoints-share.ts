import * as storage from "@pulumi/azure-native/storage";
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "./cluster";
import { CHECKPOINTS, type TeamPlan } from "./plan/team";

export interface ShareInputs {
  readonly cluster: ClusterRef;
  readonly protect: boolean;
  /** Options of objects in the team's namespace. */
  readonly inside: pulumi.CustomResourceOptions;
}

/**
 * The share that outlives every pod and node, so that an evicted run goes on where it was: NFS, which needs no key but the subnet's
 * route to it. https://learn.microsoft.com/azure/storage/files/files-nfs-protocol
 */
export function checkpointsShare(name: string, plan: TeamPlan, inputs: ShareInputs): core.PersistentVolumeClaim {
  const { cluster, protect, inside } = inputs;
  const { account, share } = nfsShare(name, plan, cluster, { parent: inside.parent, protect });
  const capacity = { storage: `${plan.checkpointsGiB}Gi` };
  const volumeName = `${plan.namespace}-${CHECKPOINTS}`;
  const volume = new core.PersistentVolume(
    `${name}-${CHECKPOINTS}`,
    {
      metadata: { name: volumeName },
      spec: {
        capacity,
        accessModes: ["ReadWriteMany"],
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "",
        mountOptions: ["nconnect=4", "noresvport", "actimeo=30"],
        csi: {
          driver: "file.csi.azure.com",
          volumeHandle: pulumi.interpolate`${account.name}_${share.name}`,
          volumeAttributes: {
            protocol: "nfs",
            resourceGroup: cluster.resourceGroupName,
            storageAccount: account.name,
            shareName: share.name,
          },
        },
        claimRef: { name: CHECKPOINTS, namespace: plan.namespace },
      },
    },
    { parent: inside.parent, provider: inside.provider },
  );
  return new core.PersistentVolumeClaim(
    `${name}-${CHECKPOINTS}`,
    {
      metadata: { name: CHECKPOINTS, namespace: plan.namespace },
      spec: { accessModes: ["ReadWriteMany"], storageClassName: "", volumeName, resources: { requests: capacity } },
    },
    pulumi.mergeOptions(inside, { dependsOn: [volume] }),
  );
}

function nfsShare(name: string, plan: TeamPlan, cluster: ClusterRef, options: pulumi.CustomResourceOptions) {
  const { resourceGroupName } = cluster;
  const account = new storage.StorageAccount(
    `${name}-${CHECKPOINTS}`,
    {
      resourceGroupName,
      accountName: plan.storageAccountName,
      kind: "FileStorage",
      sku: { name: "Premium_LRS" },
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      minimumTlsVersion: "TLS1_2",
      // NFS carries no HTTPS; the subnet's rule below is what guards it.
      enableHttpsTrafficOnly: false,
      networkRuleSet: {
        defaultAction: "Deny",
        bypass: "None",
        virtualNetworkRules: [{ virtualNetworkResourceId: cluster.nodeSubnetId, action: "Allow" }],
      },
    },
    options,
  );
  const share = new storage.FileShare(
    `${name}-${CHECKPOINTS}`,
    {
      resourceGroupName,
      accountName: account.name,
      shareName: CHECKPOINTS,
      enabledProtocols: "NFS",
      rootSquash: "NoRootSquash",
      shareQuota: plan.checkpointsGiB,
    },
    options,
  );
  return { account, share };
}
