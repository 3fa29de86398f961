import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { type CheckpointsShareRef, type MadeShare, nfsShare } from "./checkpoints-account";
import type { ClusterRef } from "../cluster";
import type { Tags } from "../plan/tags";
import { CHECKPOINTS, type TeamPlan } from "../plan/team";

export interface ShareInputs {
  readonly cluster: ClusterRef;
  /** A share that exists; without one it is made. */
  readonly share?: CheckpointsShareRef;
  readonly tags?: Tags;
  readonly parent: pulumi.Resource;
  /** Options of objects in the team's namespace. */
  readonly inside: pulumi.CustomResourceOptions;
}

/** The team's share as a volume of the cluster, and the team's claim on it. Losing either loses no data. */
export function checkpointsShare(name: string, plan: TeamPlan, inputs: ShareInputs): core.PersistentVolumeClaim {
  const { cluster, tags, parent, inside } = inputs;
  const share = inputs.share ? { ...inputs.share, reachableBy: [] } : nfsShare(name, plan, { parent, cluster, tags });
  const volume = shareVolume(name, plan, share, { parent, provider: inside.provider, dependsOn: [...share.reachableBy] });
  const { checkpointsGiB } = plan.checkpoints;
  return new core.PersistentVolumeClaim(
    `${name}-${CHECKPOINTS}`,
    {
      metadata: { name: CHECKPOINTS, namespace: plan.namespace },
      spec: {
        accessModes: ["ReadWriteMany"],
        storageClassName: "",
        volumeName: volumeName(plan),
        resources: { requests: { storage: `${checkpointsGiB}Gi` } },
      },
    },
    pulumi.mergeOptions(inside, { dependsOn: [volume] }),
  );
}

function shareVolume(name: string, plan: TeamPlan, share: MadeShare, options: pulumi.CustomResourceOptions): core.PersistentVolume {
  const { checkpointsGiB, encryptInTransit } = plan.checkpoints;
  return new core.PersistentVolume(
    `${name}-${CHECKPOINTS}`,
    {
      metadata: { name: volumeName(plan) },
      spec: {
        capacity: { storage: `${checkpointsGiB}Gi` },
        accessModes: ["ReadWriteMany"],
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "",
        mountOptions: [...(encryptInTransit ? [] : ["nconnect=4"]), "noresvport", "actimeo=30"],
        csi: {
          driver: "file.csi.azure.com",
          volumeHandle: pulumi.interpolate`${share.storageAccountName}_${share.shareName}`,
          // https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md
          volumeAttributes: {
            protocol: "nfs",
            resourceGroup: share.resourceGroupName,
            storageAccount: share.storageAccountName,
            shareName: share.shareName,
            ...(encryptInTransit ? { encryptInTransit: "true" } : {}),
          },
        },
        claimRef: { name: CHECKPOINTS, namespace: plan.namespace },
      },
    },
    options,
  );
}

/** Volumes belong to no namespace, so the name says whose it is. */
function volumeName(plan: TeamPlan): string {
  return `${plan.namespace}-${CHECKPOINTS}`;
}
