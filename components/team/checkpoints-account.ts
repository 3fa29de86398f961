import { FileServiceProperties } from "@pulumi/azure-native/storage/fileServiceProperties";
import { FileShare } from "@pulumi/azure-native/storage/fileShare";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterRef } from "../cluster";
import { privateEndpoint } from "../network/private-endpoint";
import { tagged, type Tags } from "../plan/tags";
import { CHECKPOINTS, type TeamPlan } from "../plan/team";

/** An NFS share of Azure Files. An existing one is an object literal. */
export interface CheckpointsShareRef {
  /** Resource group of the storage account. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Premium account of kind FileStorage; NFS exists in no other. */
  readonly storageAccountName: pulumi.Input<string>;
  /** Name of the share in the account. */
  readonly shareName: pulumi.Input<string>;
}

export interface AccountInputs {
  readonly parent: pulumi.Resource;
  readonly cluster: ClusterRef;
  readonly tags?: Tags;
}

/** What is made in Azure for checkpoints, and what must stand before anything mounts the share. */
export interface MadeShare extends CheckpointsShareRef {
  readonly reachableBy: readonly pulumi.Resource[];
}

/**
 * The share that outlives every pod and node, so that an evicted run goes on where it was: NFS, which needs no key but the subnet's
 * route to it. https://learn.microsoft.com/azure/storage/files/files-nfs-protocol
 */
export function nfsShare(name: string, plan: TeamPlan, { parent, cluster, tags }: AccountInputs): MadeShare {
  const { resourceGroupName } = cluster;
  const { checkpointsGiB, softDeleteDays, protect, retainOnDelete } = plan.checkpoints;
  const lasting = { parent, protect, retainOnDelete };
  const endpoints = cluster.network?.privateEndpoints;
  const account = new StorageAccount(
    `${name}-${CHECKPOINTS}`,
    {
      resourceGroupName,
      tags: tagged("Team", name, tags),
      accountName: plan.storageAccountName,
      kind: "FileStorage",
      sku: { name: plan.checkpoints.zoneRedundant ? "Premium_ZRS" : "Premium_LRS" },
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      minimumTlsVersion: "TLS1_2",
      // NFS carries no HTTPS; the private endpoint or the subnet's rule below is what guards it.
      enableHttpsTrafficOnly: false,
      publicNetworkAccess: endpoints ? "Disabled" : "Enabled",
      networkRuleSet: {
        defaultAction: "Deny",
        bypass: "None",
        virtualNetworkRules: endpoints ? [] : [{ virtualNetworkResourceId: cluster.nodeSubnetId, action: "Allow" }],
      },
    },
    lasting,
  );
  const accountName = account.name;
  const softDelete = softDeleteDays > 0 ? [softDeletion(name, { resourceGroupName, accountName, options: lasting }, softDeleteDays)] : [];
  const share = new FileShare(
    `${name}-${CHECKPOINTS}`,
    {
      resourceGroupName,
      accountName,
      shareName: CHECKPOINTS,
      enabledProtocols: "NFS",
      rootSquash: "NoRootSquash",
      shareQuota: checkpointsGiB,
    },
    { ...lasting, dependsOn: softDelete },
  );
  const target = { resourceGroupName, tags: tagged("Team", name, tags), id: account.id, group: "file", zone: "files", connection: CHECKPOINTS } as const;
  const reachableBy = endpoints ? privateEndpoint(parent, `${name}-${CHECKPOINTS}`, endpoints, target) : [];
  return { resourceGroupName, storageAccountName: account.name, shareName: share.name, reachableBy };
}

interface OfAccount {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly accountName: pulumi.Input<string>;
  readonly options: pulumi.CustomResourceOptions;
}

/** A deleted share can be restored for a while, NFS shares too; its used part is paid for meanwhile. */
function softDeletion(name: string, { resourceGroupName, accountName, options }: OfAccount, days: number): pulumi.Resource {
  return new FileServiceProperties(
    `${name}-${CHECKPOINTS}`,
    { resourceGroupName, accountName, fileServicesName: "default", shareDeleteRetentionPolicy: { enabled: true, days } },
    // It goes with the share that it is about.
    options,
  );
}
