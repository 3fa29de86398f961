import { repositoryPrefixCondition } from "../../components/plan/catalogue/azure-roles";
import { guidFrom } from "../../components/plan/digest";
import { teamNetworkPolicies } from "../../components/plan/manifests/team-policies";
import { limitRange, quotaSpec } from "../../components/plan/manifests/team-quota";
import { planTeam, type TeamDecisions, type TeamFoundation, type TeamPlan } from "../../components/plan/team";
import type { Registration } from "./mock-engine";
import { EXISTING_PROVIDER } from "./references";

const WRITER = "2a1e307c-b015-4ebd-883e-5b7698a07328";
export const ACCOUNT = "support8987166157";
export const CHILD = { parent: "Team support" };
const OBJECT = { ...CHILD, provider: "providers:kubernetes ai" };
export const INSIDE = { ...OBJECT, after: ["Namespace support"] };
const MODES = ["enforce", "audit", "warn"].flatMap((mode) => [
  [`pod-security.kubernetes.io/${mode}`, "restricted"],
  [`pod-security.kubernetes.io/${mode}-version`, "v1.36"],
]);
export const OWN_LABELS: Record<string, string> = Object.fromEntries(MODES);
export const OWN_TAGS = { "managed-by": "aks-fine-tuning", component: "Team/support" };
export const inside = (name: string) => ({ name, namespace: "support" });
/** What production does with a share. */
export const LASTING = { protect: true, retainOnDelete: true } as const;

export function planned(decisions: TeamDecisions & TeamFoundation = {}): TeamPlan {
  return planTeam("support", "aks-fine-tuning", "test", decisions);
}

export function component(plan: TeamPlan): Registration {
  return { type: "aks-fine-tuning:index:Team", name: "support", inputs: { ...plan } };
}

export const IDENTITY: Registration = {
  type: "azure-native:managedidentity:UserAssignedIdentity",
  name: "support-push",
  ...CHILD,
  inputs: { resourceGroupName: "group", tags: OWN_TAGS },
};

/** Who pushes: the ids of the identity that is made, or of one that exists. */
export interface Pusher {
  readonly after: readonly string[];
  readonly id: string;
  readonly resourceGroupName: string;
  readonly identityName: string;
  readonly clientId: string;
  readonly principalId: string;
}

export const MADE: Pusher = {
  after: ["UserAssignedIdentity support-push"],
  id: "UserAssignedIdentity/support-push",
  resourceGroupName: "group",
  identityName: "support-push",
  clientId: "support-push-client-id",
  principalId: "support-push-principal-id",
};

const afterAll = (...names: readonly string[]) => (names.length > 0 ? { after: [...names].sort() } : {});

export function role({ after, id, principalId }: Pusher): Registration {
  return {
    type: "azure-native:authorization:RoleAssignment",
    name: "support-push",
    ...CHILD,
    ...afterAll(...after),
    inputs: {
      scope: "registry-id",
      principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/subscription/providers/Microsoft.Authorization/roleDefinitions/${WRITER}`,
      condition: repositoryPrefixCondition("support"),
      conditionVersion: "2.0",
      roleAssignmentName: guidFrom("registry-id", id, WRITER),
    },
  };
}

/** The credential of one account, after that of the one before it. */
export function credential({ after, resourceGroupName, identityName }: Pusher, account: string, before: readonly string[] = []): Registration {
  return {
    type: "azure-native:managedidentity:FederatedIdentityCredential",
    name: account === "tuning" ? "support-push" : `support-push-${account}`,
    ...CHILD,
    ...afterAll(...after, ...before),
    inputs: {
      resourceGroupName,
      resourceName: identityName,
      issuer: "https://issuer.example/",
      subject: `system:serviceaccount:support:${account}`,
      audiences: ["api://AzureADTokenExchange"],
    },
  };
}

/** Whether share and account outlive the team. */
export type Keeping = Partial<typeof LASTING>;

export function storageAccount(kept: Keeping, inputs: object = {}): Registration {
  return {
    type: "azure-native:storage:StorageAccount",
    name: "support-checkpoints",
    ...CHILD,
    ...kept,
    inputs: {
      resourceGroupName: "group",
      tags: OWN_TAGS,
      accountName: ACCOUNT,
      kind: "FileStorage",
      sku: { name: "Premium_LRS" },
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      minimumTlsVersion: "TLS1_2",
      enableHttpsTrafficOnly: false,
      publicNetworkAccess: "Enabled",
      networkRuleSet: {
        defaultAction: "Deny",
        bypass: "None",
        virtualNetworkRules: [{ virtualNetworkResourceId: "subnet-id", action: "Allow" }],
      },
      ...inputs,
    },
  };
}

export const SOFT_DELETE: Registration = {
  type: "azure-native:storage:FileServiceProperties",
  name: "support-checkpoints",
  ...CHILD,
  ...LASTING,
  after: ["StorageAccount support-checkpoints"],
  inputs: {
    resourceGroupName: "group",
    accountName: ACCOUNT,
    fileServicesName: "default",
    shareDeleteRetentionPolicy: { enabled: true, days: 14 },
  },
};

export function fileShare(kept: Keeping, after: readonly string[] = []): Registration {
  return {
    type: "azure-native:storage:FileShare",
    name: "support-checkpoints",
    ...CHILD,
    ...kept,
    ...afterAll("StorageAccount support-checkpoints", ...after),
    inputs: {
      resourceGroupName: "group",
      accountName: ACCOUNT,
      shareName: "checkpoints",
      enabledProtocols: "NFS",
      rootSquash: "NoRootSquash",
      shareQuota: 100,
    },
  };
}

export function core(kind: string, name: string, options: Partial<Registration>, inputs: object): Registration {
  return { type: `kubernetes:core/v1:${kind}`, name, ...options, inputs: { apiVersion: "v1", kind, ...inputs } };
}

export function namespace(labels: Record<string, string> = {}): Registration {
  return core("Namespace", "support", OBJECT, { metadata: { name: "support", labels: { ...labels, ...OWN_LABELS } } });
}

export const SHARE_MADE = ["FileShare support-checkpoints", "StorageAccount support-checkpoints"];

export function volume(after: readonly string[], csi: Partial<Record<"account" | "share" | "group", string>> = {}, encrypted = false): Registration {
  const { account = ACCOUNT, share = "checkpoints", group = "group" } = csi;
  return core("PersistentVolume", "support-checkpoints", { ...OBJECT, ...afterAll(...after) }, {
    metadata: { name: "support-checkpoints" },
    spec: {
      capacity: { storage: "100Gi" },
      accessModes: ["ReadWriteMany"],
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "",
      mountOptions: [...(encrypted ? [] : ["nconnect=4"]), "noresvport", "actimeo=30"],
      csi: {
        driver: "file.csi.azure.com",
        volumeHandle: `${account}_${share}`,
        volumeAttributes: {
          protocol: "nfs",
          resourceGroup: group,
          storageAccount: account,
          shareName: share,
          ...(encrypted ? { encryptInTransit: "true" } : {}),
        },
      },
      claimRef: inside("checkpoints"),
    },
  });
}

export const CLAIM = core("PersistentVolumeClaim", "support-checkpoints", { ...OBJECT, after: ["Namespace support", "PersistentVolume support-checkpoints"] }, {
  metadata: inside("checkpoints"),
  spec: {
    accessModes: ["ReadWriteMany"],
    storageClassName: "",
    volumeName: "support-checkpoints",
    resources: { requests: { storage: "100Gi" } },
  },
});

export const SERVING = core("ServiceAccount", "support-serving", INSIDE, { metadata: inside("serving"), automountServiceAccountToken: false });

export function pushAccount({ after, clientId }: Pusher, account: string): Registration {
  return core("ServiceAccount", `support-${account}`, { ...OBJECT, ...afterAll("Namespace support", ...after) }, {
    metadata: { ...inside(account), annotations: { "azure.workload.identity/client-id": clientId } },
    automountServiceAccountToken: false,
  });
}

/** Quota, figures and network policies as the plan renders them; what they say is tested there. */
export function guardRails(plan: TeamPlan): Registration[] {
  return [
    core("LimitRange", "support-limits", INSIDE, { metadata: inside("team"), spec: limitRange(plan.quota) }),
    core("ResourceQuota", "support-quota", INSIDE, { metadata: inside("team"), spec: quotaSpec(plan.quota) }),
    ...Object.entries(teamNetworkPolicies(plan.network)).map(
      ([part, spec]): Registration => ({
        type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        name: `support-${part}`,
        ...INSIDE,
        inputs: { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: inside(part), spec },
      }),
    ),
  ];
}

/** A whole team: what the case adds or changes, and everything else as every team has it, in the order of the engine's list. */
export function wholeTeam(plan: TeamPlan, varying: readonly Registration[]): Registration[] {
  const key = ({ type, name }: Registration) => `${type} ${name}`;
  return [component(plan), ...guardRails(plan), CLAIM, SERVING, EXISTING_PROVIDER, ...varying].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
